import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

interface SecretHome {
  directory: string;
  guild: string;
  /** Where the language model is. */
  llm: string;
}

const task = {
  kind: "generate",
  path: "tiny-world:math",
  verifier: { kind: "exact", after: "#" },
  max_new_tokens: 12,
  batch_size: 200,
  items: { search: 40, confirm: 40, final: 40 },
};

/** A folder with `server.yaml`, which only says where secrets are, and a run of two trials that the language model chooses. */
export function writeSecretHome({ directory, guild, llm }: SecretHome): void {
  mkdirSync(directory, { recursive: true });
  const sft = { max_steps: [20], learning_rate: [0.001, 0.0005], per_device_train_batch_size: 16, max_length: 64 };
  const run = {
    name: "tiny",
    models: { base: { path: "tiny-world:S/base" } },
    datasets: { math: { path: "tiny-world:math" }, trivia: { path: "tiny-world:trivia" } },
    tasks: { math: task },
    actions: { sft },
    policy: "hybrid",
    baselines: false,
    budget: { trials: 2 },
    executor: { kind: "local", device: "cpu", nice: 0 },
    llm: { default: { model: "scripted", base_url: llm, api_key_env: "LLM_ACCESS" } },
  };
  const server = {
    catalogue: { runs: { tiny: { path: "tiny.yaml" } } },
    llm: run.llm,
    discord: { token_file: "discord-token", guilds: { [guild]: { roles: { trainers: "approver" }, channel: "general" } } },
  };
  writeFileSync(join(directory, "tiny.yaml"), stringify(run));
  writeFileSync(join(directory, "server.yaml"), stringify(server));
}
