import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadRunConfig, parseRunConfig } from "#src/config/load-run-config.ts";
import { ConfigError } from "#src/errors.ts";

const good = `name: three-skills
models: { base: { path: tiny-world:S/base } }
datasets:
  math: { path: tiny-world:math }
  prefs: { path: tiny-world:pref_math, format: preference }
tasks:
  math: { kind: generate, path: tiny-world:math, verifier: { kind: number, after: "#" } }
actions:
  sft: { max_steps: [80, 20], learning_rate: { min: 1.0e-5, max: 1.0e-3, scale: log }, peft: { r: [16, null] } }
  dpo: { beta: 0.1 }
  merge_linear: { weights: [equal, [0.7, 0.3]] }
`;

function complaint(text: string): string {
  try {
    parseRunConfig(text, "temper.yaml");
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
}

/** The good config with one line changed, and what is said about it. */
function changed(from: string, to: string): string {
  expect(good).toContain(from);
  return complaint(good.replace(from, to));
}

describe("parseRunConfig", () => {
  it("reads a config and fills its defaults", () => {
    const config = parseRunConfig(good, "temper.yaml");
    expect(config).toMatchObject({ policy: "hybrid", merge_parents: 3, budget: { trials: 40 }, executor: { kind: "local", lanes: 1 } });
    expect(config.tasks["math"]).toMatchObject({ items: { search: 200, confirm: 200, final: 200 }, weight: 1 });
  });

  it.each([
    ["verifier: {", "verifer: {", 'temper.yaml:7:50  tasks.math.verifer — unknown key. Did you mean "verifier"?'],
    ["format: preference", "fromat: preference", 'temper.yaml:5:40  datasets.prefs.fromat — unknown key. Did you mean "format"?'],
    ["kind: number", "kind: numbr", '"numbr" is not one of exact, number, choice, regex, function_call. Did you mean "number"?'],
    ["format: preference", "format: preferences", '"preferences" is not one of auto, messages, prompt_completion, preference'],
    ["  dpo:", "  dop:", 'temper.yaml:10:3  actions.dop — unknown action type. Did you mean "dpo"?'],
    ["max_steps", "max_step", 'temper.yaml:9:10  actions.sft.max_step — sft has no setting "max_step". Did you mean "max_steps"?'],
    ["peft: { r:", "peft: { rank:", 'actions.sft.peft.rank — sft has no setting "peft_rank". '],
    ["beta: 0.1", "beta: -1", "temper.yaml:10:10  actions.dpo.beta — must be more than 0, not -1"],
    ["beta: 0.1", "beta: []", "actions.dpo.beta — an empty list leaves no choice"],
    ["[80, 20]", "[80, 2.5]", "actions.sft.max_steps — must be a whole number, not 2.5"],
    ["min: 1.0e-5", "min: 1", "min 1 must be less than max 0.001"],
    ["min: 1.0e-5", "min: 0", "a log scale needs a min over 0"],
    ["[equal, [0.7, 0.3]]", "[0.7, 0.3]", 'choices of weights are "equal" or lists with a number for each parent'],
    ["[0.7, 0.3]]", "[0.4, 0.3, 0.2, 0.1]]", "has 4 weights, but merges take at most 3 models (merge_parents)"],
    ["{ path: tiny-world:S/base }", "3", "temper.yaml:2:11  models.base — must be a map, not 3"],
    ["name: three-skills", "name: Three Skills", 'temper.yaml:1:1  name — "Three Skills": use lower-case letters, digits and dashes'],
    ["  math: { kind", "  a/b: { kind", "tasks.a/b — names are made of letters, digits"],
    ["  prefs:", "  m3:", "datasets.m3 — m0, m1, … are ids that models get in a run"],
  ])("refuses %s written as %s", (from, to, words) => {
    expect(changed(from, to)).toContain(words);
  });

  it.each([
    ["policy: hybird", 'policy — "hybird" is not one of random, greedy, lookahead, llm, hybrid. Did you mean "hybrid"?'],
    ["policy: llm", 'the policy "llm" needs an llm section'],
    ["budget: { trials: many }", 'budget.trials — must be a number, not "many"'],
    ["budget: { usd: 30 }", "budget.usd — would never be reached: set budget.usd_per_device_hour"],
    ["seeds: 1", 'seeds — unknown key. Did you mean "seed"?'],
    ["llm: {}", "llm.default — is missing"],
    ["executor: { kind: slrum }", 'executor.kind — "slrum" is not one of local, scripted, slurm, ray. Did you mean "slurm"?'],
    ["executor: { kind: slurm, partion: gpu }", 'executor.partion — unknown key. Did you mean "partition"?'],
    ["executor: { kind: slurm, time: 4h }", "executor.time — "],
    ["executor: { kind: slurm, gres: gpu:a100:2 }", 'executor.gres — "gpu:a100:2" asks for 2 GPUs and gpus_per_job says 1'],
    ["executor: { kind: ray, address: localhost }", "executor.address — "],
    ["name: again", "Map keys must be unique"],
  ])("refuses the further line %s", (line, words) => {
    expect(complaint(`${good}${line}\n`)).toContain(words);
  });

  it.each([
    [good.replace(/^models.*$/m, "models: {}"), "a run needs at least one base model"],
    [good.replace(/^ {2}math: \{ kind.*$/m, "").replace("tasks:", "tasks: {}"), "a run needs at least one task"],
    [good.replace('after: "#" } }', 'after: "#" }, weight: 0 }'), "all weights are 0"],
    [good.replace('after: "#" } }', 'after: "#" }, floor: 1.2 }'), "a floor of 1.2 is above the metric's possible maximum 1"],
    [
      good.replace(/math: \{ path: tiny-world:math \}/, "math: { path: tiny-world:math, format: alpaca }").replace(/^ {2}prefs.*$/m, ""),
      "dpo needs a dataset of format preference",
    ],
    ["", "a config is a map of settings; this file holds none"],
    ["- 1", "a config is a map of settings; this file holds none"],
    ["name: [", "temper.yaml:1:8  not valid YAML"],
  ])("refuses a config that cannot work (%#)", (text, words) => {
    expect(complaint(text)).toContain(words);
  });

  it("tells all problems at once, in the order of the file", () => {
    const lines = complaint(good.replace("max_steps", "max_step").replace("beta: 0.1", "beta: -1")).split("\n");
    expect(lines.map((line) => line.split("  ")[0])).toEqual(["temper.yaml:9:10", "temper.yaml:10:10"]);
  });
});

describe("loadRunConfig", () => {
  const directory = mkdtempSync(join(tmpdir(), "temper-config-"));
  afterAll(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, "data"));
  writeFileSync(join(directory, "data", "math.jsonl"), "{}\n");
  const file = join(directory, "temper.yaml");

  it("makes local paths absolute from the config's directory and leaves hub ids and the tiny world alone", async () => {
    writeFileSync(
      file,
      good.replace("{ path: tiny-world:math }", "{ path: data/math.jsonl }").replace("tiny-world:S/base", "google/gemma-2-2b"),
    );
    const config = await loadRunConfig(file);
    expect(config.datasets["math"]?.path).toBe(join(directory, "data", "math.jsonl"));
    expect(config.datasets["prefs"]?.path).toBe("tiny-world:pref_math");
    expect(config.models["base"]?.path).toBe("google/gemma-2-2b");
  });

  it.each(["data/gone.jsonl", "./gone", "/nowhere/gone", "a/b/c"])(
    "refuses %s, which is not there, and says where it looked",
    async (path) => {
      writeFileSync(file, good.replace("{ path: tiny-world:math }", `{ path: ${path} }`));
      await expect(loadRunConfig(file)).rejects.toThrow(
        /:4:11 {2}datasets\.math\.path — no such file or directory: .* \(looked for .*paths count from the config's directory\)/,
      );
    },
  );

  it("says how to make a config when there is none", async () => {
    await expect(loadRunConfig(join(directory, "none.yaml"))).rejects.toThrow(
      "there is no such file. `temper init` writes a config to start from",
    );
  });
});
