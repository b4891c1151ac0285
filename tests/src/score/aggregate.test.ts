import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runConfigSchema } from "#src/config/run-config.ts";
import type { Directive } from "#src/memory/directive.ts";
import { aggregate, normaliseScores, taskWeights } from "#src/score/aggregate.ts";

const config = runConfigSchema.parse({
  name: "x",
  models: {},
  datasets: {},
  actions: {},
  tasks: {
    math: { kind: "generate", path: "x", verifier: { kind: "number" }, weight: 2, floor: "base" },
    mt_bench: { kind: "lm_eval", task: "mt", metric: "rating", maximum: 10 },
    trivia: { kind: "generate", path: "x", verifier: { kind: "exact" }, floor: 0.4 },
  },
});

function weigh(task: string, factor: number, revokedAt: string | null = null): Directive {
  return { id: 1, author: "anna", createdAt: "", revokedAt, text: "", body: { kind: "weight", task, factor } };
}

describe("taskWeights", () => {
  it("sums to 1 in config order, with each metric's possible maximum and floor", () => {
    expect(taskWeights(config, [])).toEqual([
      { task: "math", weight: 0.5, maximum: 1, floor: "base" },
      { task: "mt_bench", weight: 0.25, maximum: 10, floor: null },
      { task: "trivia", weight: 0.25, maximum: 1, floor: 0.4 },
    ]);
  });

  it("follows standing directives, not revoked ones", () => {
    const steered = taskWeights(config, [weigh("trivia", 2), weigh("trivia", 3), weigh("math", 9, "2026-01-01")]);
    expect(steered.map(({ weight }) => weight)).toEqual([2 / 9, 1 / 9, 6 / 9]);
  });

  it("does not follow directives that leave no task", () => {
    const zeroed = taskWeights(config, [weigh("math", 0), weigh("mt_bench", 0), weigh("trivia", 0)]);
    expect(zeroed).toEqual(taskWeights(config, []));
  });
});

describe("aggregate", () => {
  const weights = taskWeights(config, []);

  it("makes the tasks' largest contributions equal by their maxima, as in the paper (MT-Bench 1/10)", () => {
    expect(aggregate({ math: 0.5, mt_bench: 8, trivia: 0.2 }, weights)).toBeCloseTo(0.25 + 0.2 + 0.05, 12);
  });

  it("lies in [0, 1] and rises with every score", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, share, share, (math, rating, trivia, more) => {
        const score = aggregate({ math, mt_bench: rating * 10, trivia }, weights);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1 + 1e-12);
        expect(aggregate({ math: Math.max(math, more), mt_bench: rating * 10, trivia }, weights)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it("is the weighted mean of the normalised scores", () => {
    const scores = { math: 0.5, mt_bench: 8, trivia: 0.2 };
    const normal = normaliseScores(scores, weights);
    expect(normal).toEqual({ math: 0.5, mt_bench: 0.8, trivia: 0.2 });
    expect(weights.reduce((sum, { task, weight }) => sum + weight * (normal[task] ?? 0), 0)).toBeCloseTo(aggregate(scores, weights), 12);
  });

  it("refuses a model that was not evaluated on every task", () => {
    expect(() => aggregate({ math: 1 }, weights)).toThrow('no score for task "mt_bench"');
  });
});
