import { describe, expect, it } from "vitest";
import { createRng } from "#src/policy/rng.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import { optimismOfBest } from "#src/score/optimism-of-best.ts";

const weights: TaskWeight[] = [{ task: "math", weight: 1, maximum: 1, floor: null }];
const rng = createRng("optimism-of-best");
const model = () => new Map([["math", Float32Array.from({ length: 200 }, () => (rng.uniform() < 0.5 ? 1 : 0))]]);
const models = Array.from({ length: 20 }, model);
const same = model();

describe("optimismOfBest", () => {
  it("is unknown with fewer than two models", () => {
    expect(optimismOfBest({ models: [same], groups: [], weights, rng: createRng(1) })).toEqual({ optimism: null, measured: null });
  });

  it("counts some luck of the seed where nothing was repeated, or repeats happen to be equal", () => {
    const clones = Array.from({ length: 20 }, () => same);
    const optimism = (groups: (typeof models)[]) => optimismOfBest({ models: clones, groups, weights, rng: createRng(1) }).optimism;
    const unknown = optimism([]) ?? 0;
    const quiet = optimism([[same, same, same, same]]) ?? 0;
    expect(quiet).toBeGreaterThan(0.005);
    expect(quiet).toBeLessThan(unknown);
  });

  it("gives the variance as measured beside it", () => {
    const { measured, optimism } = optimismOfBest({ models, groups: [models.slice(0, 4)], weights, rng: createRng(1) });
    expect(measured?.degrees).toBe(3);
    expect(optimism).toBeGreaterThan(0.02);
  });
});
