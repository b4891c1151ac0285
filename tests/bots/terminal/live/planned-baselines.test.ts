import { describe, expect, it } from "vitest";
import { plannedBaselines } from "#bots/terminal/live/planned-baselines.ts";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { tiesGridActions } from "#src/policy/baselines.ts";
import { baseModel, dataset, madeModel } from "#tests/fixtures/pool-objects.ts";

const config = parseRunConfig(
  `
name: count
models: { base: { path: model } }
datasets: { words: { path: words.jsonl } }
tasks: { words: { kind: generate, path: words.jsonl, verifier: { kind: number } } }
actions: { sft: { max_steps: 10 }, merge_ties: { density: [0.5] } }
baselines: { sft_all: false, sft_all_compute: null, noise_repeats: 0 }
`,
  "count.yaml",
);

describe("plannedBaselines", () => {
  it.each([1, 2, 3, 4])("counts the merges that %i single trainings are followed by", (count) => {
    const datasets = Array.from({ length: count }, (_, index) => dataset(`d${index}`));
    const made = datasets.map(({ id }, index) => {
      const model = madeModel(`m${index + 1}`);
      return {
        model,
        action: { type: "sft" as const, models: ["m0"], datasets: [id], setting: {}, seed: 0, fidelity: { data: 1, steps: 1 } },
        aggregate: 0,
      };
    });
    expect(plannedBaselines(config, datasets, [baseModel("m0")])).toBe(count + tiesGridActions(config, made).length);
  });
});
