import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

interface StoryHome {
  root: string;
  /** Where it is made. */
  directory: string;
  guild: string;
  trials: number;
}

/** A folder with `server.yaml` and a run of its catalogue: the tiny world, every job asked about. */
export function writeStoryHome({ root, directory, guild, trials }: StoryHome): void {
  mkdirSync(directory, { recursive: true });
  const example: { actions: Record<string, unknown> } = parse(readFileSync(join(root, "examples", "three-skills.yaml"), "utf8"));
  const run = {
    ...example,
    policy: "lookahead",
    // Clean sets only: a handful of trials is enough for something better than the base.
    datasets: Object.fromEntries(
      ["math", "trivia", "common"].map((name) => [name, { path: `tiny-world:${name}`, format: "prompt_completion" }]),
    ),
    actions: { sft: example.actions["sft"], merge_ties: example.actions["merge_ties"] },
    baselines: false,
    budget: { trials, device_hours: 6 },
    approval: { over: { device_hours: 0 }, max_pending: 1 },
    executor: { kind: "local", lanes: 1 },
  };
  writeFileSync(join(directory, "three-skills.yaml"), stringify(run));
  const server = {
    catalogue: { runs: { "three-skills": { path: "three-skills.yaml" } } },
    approval: { over: { device_hours: 0 } },
    discord: { guilds: { [guild]: { roles: { trainers: "approver", watchers: "viewer" }, channel: "general" } } },
  };
  writeFileSync(join(directory, "server.yaml"), stringify(server));
}
