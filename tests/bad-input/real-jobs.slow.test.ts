import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const shipped = join(root, "gpu-scripts/temper_gpu/tiny_world/shipped/S/base");
let directory: string;

/** A person's command in a process of its own, on the one home that all of these share. */
function temper(...parameters: string[]): Promise<{ code: number; out: string; err: string }> {
  const all = [join(root, "bin/temper.js"), ...parameters];
  return new Promise((done) => {
    execFile(process.execPath, all, { cwd: directory }, (error, out, err) =>
      done({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
    );
  });
}

const task = {
  kind: "generate",
  path: "tiny-world:math",
  verifier: { kind: "exact", after: "#" },
  max_new_tokens: 12,
  batch_size: 200,
  items: { search: 40, confirm: 40, final: 40 },
};

/** Writes a config: one base, one dataset and one task of the tiny world, where a test says nothing else. */
async function write(name: string, parts: Record<string, unknown>): Promise<string> {
  const sft = { max_steps: [20], learning_rate: 0.001, per_device_train_batch_size: 16, max_length: 64 };
  const config = {
    name,
    models: { base: { path: "tiny-world:S/base" } },
    datasets: { math: { path: "tiny-world:math" } },
    tasks: { math: task },
    actions: { sft },
    policy: "random",
    baselines: false,
    budget: { trials: 1 },
    executor: { kind: "local", device: "cpu" },
    ...parts,
  };
  await writeFile(join(directory, `${name}.yaml`), stringify(config));
  return `${name}.yaml`;
}

const start = async (name: string, parts: Record<string, unknown> = {}) => temper("start", await write(name, parts), "--yes", "--offline");
const rows = (...lines: (object | string)[]) =>
  `${lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n")}\n`;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "temper-real-bad-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe("objects that cannot be used", () => {
  it("are told all at once, each with what to do, and no run is made", async () => {
    const model = async (name: string) => {
      await cp(shipped, join(directory, name), { recursive: true });
      return join(directory, name, "model.safetensors");
    };
    await rm(await model("without"));
    await rm(await model("pickle"));
    await writeFile(join(directory, "pickle/pytorch_model.bin"), "x");
    await truncate(await model("cut"), 20_000);
    const good = { prompt: "2 plus 3", completion: "# 5" };
    await mkdir(join(directory, "data"));
    const data = {
      broken: rows(good, '{"prompt": "2 pl', { prompt: "2 plus 3" }),
      empty: "",
      columns: rows({ question: "2 plus 3", anwser: "5" }),
    };
    for (const [name, text] of Object.entries(data)) await writeFile(join(directory, "data", `${name}.jsonl`), text);
    const items = Array.from({ length: 40 }, (_, index) => ({
      prompt: `add ${index}`,
      answer: "one ".repeat(index % 2 === 0 ? 3 : 30).trim(),
    }));
    await writeFile(join(directory, "data/long.jsonl"), rows(...items));

    const { code, out, err } = await start("unusable", {
      models: Object.fromEntries(
        ["without", "pickle", "cut"].map((name) => [name, { path: name }]).concat([["base", { path: "tiny-world:S/base" }]]),
      ),
      datasets: {
        broken: { path: "data/broken.jsonl" },
        empty: { path: "data/empty.jsonl" },
        columns: { path: "data/columns.jsonl" },
        mapped: { path: "data/columns.jsonl", format: "prompt_completion", columns: { prompt: "question", completion: "answer" } },
      },
      tasks: { long: { ...task, path: "data/long.jsonl", items: { search: 10, confirm: 10, final: 10 } } },
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    for (const line of [
      /^models\.without {2}.*has no \.safetensors file\. A model directory needs/m,
      /^models\.pickle {2}.*pickle \(pytorch_model\.bin\), which can run code when loaded\. Convert it/m,
      /^models\.cut {2}.*cut short: .*Fetch it again/m,
      /^datasets\.broken {2}row 2 of .*broken\.jsonl is not JSON\. 1 of 3 rows\. Fix the row or set on_bad_rows: skip/m,
      /^datasets\.broken {2}row 3 of .*broken\.jsonl has no "completion" \(columns: prompt\)/m,
      /^datasets\.empty {2}.*empty\.jsonl is empty\. Give it rows/m,
      /^datasets\.columns {2}The columns anwser, question fit no known format\. Say which they are/m,
      /^datasets\.mapped {2}row 1 of .* has no "answer" \(columns: question, anwser\)/m,
      /^tasks\.long {2}\d+ of 30 right answers do not fit max_new_tokens 12 \(longest: 30 tokens\)\. Set max_new_tokens to 31/m,
    ]) {
      expect(err).toMatch(line);
    }
    expect((await temper("status")).err).toContain("There is no run");
  });
});

describe("trainings and merges that cannot work", () => {
  it("tells a memory limit that is too low, and goes on once it was raised", async () => {
    const low = await start("memory", { executor: { kind: "local", device: "cpu", memory_mib: 150 } });
    expect(low.err).toMatch(
      /The base model base could not be evaluated: out of memory\. Used \d+ MiB of memory; its limit is 150 MiB \(executor\.memory_mib\)/,
    );
    expect(low.code).toBe(1);
    expect(await start("memory", { executor: { kind: "local", device: "cpu", memory_mib: 16_000 } })).toMatchObject({ code: 0 });
  });

  it("keeps a loss that diverges as a result, says what to try, and ends well", async () => {
    const sft = { max_steps: [20], learning_rate: [1e6], per_device_train_batch_size: 16, max_length: 64 };
    const { code, err } = await start("diverging", { actions: { sft } });
    expect(err).toMatch(/Trial 1 \(.*\) failed: diverged\. .*Try a lower learning rate\./);
    expect(code).toBe(0);
  });

  it("notes that bases of two families are not merged, and tells a recipe that merges them why not", async () => {
    const foreign = join(directory, "foreign");
    await cp(shipped, foreign, { recursive: true });
    const file = join(foreign, "tokenizer.json");
    const schema = z.looseObject({ model: z.looseObject({ vocab: z.record(z.string(), z.number()) }) });
    const tokenizer = schema.parse(JSON.parse(await readFile(file, "utf8")));
    const [first = "", second = ""] = Object.keys(tokenizer.model.vocab).slice(-2);
    const { [first]: a = 0, [second]: b = 0 } = tokenizer.model.vocab;
    Object.assign(tokenizer.model.vocab, { [first]: b, [second]: a });
    await writeFile(file, JSON.stringify(tokenizer));

    const sft = { max_steps: [20], learning_rate: 0.001, per_device_train_batch_size: 16, max_length: 64 };
    const models = { base: { path: "tiny-world:S/base" }, foreign: { path: "foreign" } };
    const run = await start("families", { models, actions: { sft, merge_linear: {} }, budget: { trials: 2 } });
    expect(run.err).toContain("models base | foreign cannot be merged across the bars");
    expect(run.code).toBe(0);

    const { out } = await temper("recipe", "m2", "--run", "families");
    const recipe = z
      .looseObject({ models: z.record(z.string(), z.unknown()), steps: z.array(z.looseObject({ name: z.string() })) })
      .parse(parse(out));
    const [training] = recipe.steps;
    const bases = { base: { path: "tiny-world:S/base", key: "0".repeat(40) }, foreign: { path: foreign, key: "1".repeat(40) } };
    const merge = {
      ...training,
      name: "both",
      action: "merge_linear",
      models: ["base", "foreign"],
      datasets: [],
      setting: { weights: "equal" },
    };
    await writeFile(join(directory, "both.yaml"), stringify({ ...recipe, models: bases, steps: [merge], result: "both" }));
    const replay = await temper("replay", "both.yaml", "--offline");
    expect(replay.out).toMatch(
      /Step both: m\d \+ m\d: different tokenizers \(469 tokens each, but with other meanings\)\. Merging needs one vocabulary; leave one out\./,
    );
    expect(replay.code).toBe(1);
  });
});
