import { describe, expect, it } from "vitest";
import { renderReplay } from "#bots/terminal/render/render-replay.ts";
import type { ReplayedStep } from "#graphs/conductor/replay.ts";
import { recipeSchema } from "#src/pipeline/recipe-schema.ts";

const recipe = recipeSchema.parse({
  recipe: 1,
  name: "demo-m2",
  found: { run: "demo", model: "m2", trial: 2, run_seed: 0 },
  versions: {},
  models: { base: { path: "a/b", key: "k" } },
  datasets: {},
  tasks: {},
  result: "m2",
  expected: [],
  steps: [{ name: "m2", action: "sft", models: ["base"], setting: {}, key: "k2", result_version: 1 }],
});
const step: ReplayedStep = { step: "m2", model: "m1", failure: null, detail: null, sameKey: true, sameHash: true, fromCache: false };
const measured = { mean: 0.7, low: 0.68, high: 0.72, split: "search", items: 600, seeds: 1 } as const;
const render = (parts: Partial<ReplayedStep>) =>
  renderReplay({ status: "ok", report: { steps: [{ ...step, ...parts }], score: null, isIdentical: true } }, recipe, "best.yaml");

describe("renderReplay", () => {
  it.each([
    [{}, "the same weights, bit by bit"],
    [{ sameHash: false }, "its weights differ"],
    [{ sameHash: null, fromCache: true }, "made (was known)"],
    [{ sameKey: false }, "its data, settings or script changed"],
    [{ failure: "out_of_memory", model: null }, "failed: out of memory"],
  ])("says of a step with %j: %s", (parts, text) => expect(render(parts)).toContain(text));

  it("compares the score with what the recipe expects", () => {
    const score = { measured, expected: { mean: 0.76, low: 0.74, high: 0.78 }, isWithin: false };
    expect(renderReplay({ status: "ok", report: { steps: [step], score, isIdentical: true } }, recipe, "best.yaml")).toContain(
      "Score .700 ±.020 on search; the recipe expects .760 [.740, .780]: outside it.",
    );
  });

  it("says what is waited for, and how to go on", () => {
    expect(renderReplay({ status: "ask", why: "the replay waits for an approval" }, recipe, "best.yaml")).toBe(
      "the replay waits for an approval. Answer with: temper approve, then temper replay best.yaml again.\n",
    );
  });
});
