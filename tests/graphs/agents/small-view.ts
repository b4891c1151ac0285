import { ChoiceSpace } from "#src/action/choice-space.ts";
import { fullFidelity } from "#src/action/action.ts";
import { runConfigSchema, type RunConfig } from "#src/config/run-config.ts";
import type { ObservedTrial, PolicyView } from "#src/policy/policy.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";

/** A config with two datasets, one task and three action types; `baseUrl` is the language model's endpoint. */
export function smallConfig(baseUrl: string, overrides: object = {}): RunConfig {
  return runConfigSchema.parse({
    name: "small",
    goal: "Raise math.",
    models: { base: { path: "base" } },
    datasets: { math: { path: "math.jsonl" }, trivia: { path: "trivia.jsonl" } },
    tasks: { math: { kind: "generate", path: "task.jsonl", verifier: { kind: "exact" } } },
    actions: { sft: { max_steps: [80, 20] }, merge_linear: {}, merge_ties: { density: [0.5, 0.8] } },
    llm: { default: { model: "scripted", base_url: baseUrl, timeout_seconds: 2 } },
    ...overrides,
  });
}

const model = (id: string, trial: number | null): PoolModel => ({
  kind: "model",
  id,
  name: trial === null ? "base" : null,
  key: `key-${id}`,
  parents: trial === null ? [] : ["m0"],
  trial,
  base: "m0",
  depth: trial === null ? 0 : 1,
  compatibility: "c",
  parameters: 1000,
  path: `/models/${id}`,
  form: "full",
});

const dataset = (id: string): PoolDataset => ({
  kind: "dataset",
  id,
  key: `key-${id}`,
  format: "prompt_completion",
  rows: 100,
  meanTokens: 12,
  path: `/data/${id}`,
});

/** A base and two models made from it, both datasets tried on the base. */
export function smallView(config: RunConfig, decision = 1): PolicyView & { space: ChoiceSpace } {
  const space = new ChoiceSpace(config);
  const [setting = {}] = space.settings("sft");
  const tried = (number: number, made: string, data: string, math: number): ObservedTrial => ({
    number,
    kind: "baseline",
    action: { type: "sft", models: ["m0"], datasets: [data], setting, seed: 0, fidelity: fullFidelity },
    model: made,
    scores: { math },
    failure: null,
    steps: 80,
  });
  const models = [model("m0", null), model("m1", 1), model("m2", 2)];
  const datasets = [dataset("math"), dataset("trivia")];
  for (const each of models) space.addModel(each);
  for (const each of datasets) space.addDataset(each);
  return {
    tasks: ["math"],
    weights: { math: 1 },
    floors: {},
    models,
    modelsById: new Map(models.map((each) => [each.id, each])),
    datasets,
    scores: new Map([
      ["m0", { math: 0.3 }],
      ["m1", { math: 0.6 }],
      ["m2", { math: 0.4 }],
    ]),
    trials: [tried(1, "m1", "math", 0.6), tried(2, "m2", "trivia", 0.4)],
    pending: [],
    space,
    decision,
    plan: { version: 1, phase: "explore", focus: "Try what is unknown.", tasks: [], fidelity: fullFidelity, until: 5, by: "rules" },
    memory: null,
    directives: [],
    budget: { trialsLeft: 10, trialsDone: 0, steps: null },
    noiseFloor: 0.02,
  };
}
