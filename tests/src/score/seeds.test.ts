import { describe, expect, it } from "vitest";
import { createRng } from "#src/policy/rng.ts";
import { compareOverSeeds, measureOverSeeds } from "#src/score/compare-over-seeds.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import { expectedOptimism } from "#src/score/expected-optimism.ts";
import { paretoSet } from "#src/score/pareto.ts";
import { seedVariance } from "#src/score/seed-variance.ts";
import { verdictOf } from "#src/score/verdict.ts";

const weights: TaskWeight[] = [{ task: "math", weight: 1, maximum: 1, floor: null }];
const rng = createRng(7, "seeds");
const hard = Float64Array.from({ length: 300 }, () => rng.uniform());

/** A model of some skill: items have difficulties of their own, a third of each answer is luck. */
function model(skill: number): OutcomesByTask {
  return new Map([["math", Float32Array.from(hard, (item) => (0.7 * item + 0.3 * rng.uniform() < skill ? 1 : 0))]]);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const trained = (skill: number, noise: number, count: number) => ({
  seeds: Array.from({ length: count }, () => model(skill + noise * rng.normal())),
  isTrained: true,
});

describe("seedVariance", () => {
  it("is near 0 where only the luck of single items differs", () => {
    const groups = Array.from({ length: 20 }, () => trained(0.5, 0, 4).seeds);
    expect(Math.sqrt(seedVariance(groups, weights)?.variance ?? 1)).toBeLessThan(0.012);
  });

  it("finds what the seeds do to the whole score", () => {
    // In the middle the score moves by 1 / 0.7 of the skill.
    const groups = Array.from({ length: 60 }, () => trained(0.5, 0.03, 4).seeds);
    expect(Math.sqrt(seedVariance(groups, weights)?.variance ?? 1)).toBeGreaterThan(0.034);
    expect(Math.sqrt(seedVariance(groups, weights)?.variance ?? 1)).toBeLessThan(0.052);
  });

  it("is null with one training of each", () => expect(seedVariance([[model(0.5)]], weights)).toBeNull());
});

describe("compareOverSeeds", () => {
  it("claims a gain between equal pipelines in about one of forty", () => {
    let claims = 0;
    const rounds = 300;
    for (let round = 0; round < rounds; round++) {
      const a = trained(0.5, 0.02, 3);
      const b = trained(0.5, 0.02, 3);
      const noise = seedVariance([a.seeds, b.seeds], weights);
      if (verdictOf(compareOverSeeds(a, b, { weights, split: "final", noise })) === "ahead") claims++;
    }
    expect(claims / rounds).toBeLessThan(0.05);
  });

  it("would claim far more when the seeds are left out", () => {
    let claims = 0;
    for (let round = 0; round < 200; round++) {
      const context = { weights, split: "final", noise: null } as const;
      if (compareOverSeeds(trained(0.5, 0.05, 1), trained(0.5, 0.05, 1), context).low > 0) claims++;
    }
    expect(claims / 200).toBeGreaterThan(0.1);
  });

  it("gives a base no training noise, and says how many seeds and items stand behind it", () => {
    const noise = { variance: 0.01, degrees: 4 };
    const base = { seeds: [model(0.4)], isTrained: false };
    const child = trained(0.6, 0, 3);
    const difference = compareOverSeeds(child, base, { weights, split: "confirm", noise });
    expect(difference).toMatchObject({ seeds: 3, items: 300, split: "confirm" });
    const own = measureOverSeeds(base, { weights, split: "confirm", noise });
    expect(own.high - own.low).toBeLessThan(0.12);
    expect(difference.high - difference.low).toBeGreaterThan(0.2);
  });

  it("refuses seeds that were read on other items", () => {
    const other: OutcomesByTask = new Map([["math", Float32Array.of(1, 0)]]);
    expect(() => measureOverSeeds({ seeds: [model(0.5), other], isTrained: true }, { weights, split: "final", noise: null })).toThrow(
      "same items",
    );
  });
});

describe("expectedOptimism", () => {
  it("comes near the true optimism of the best of many equal models", () => {
    const predicted: number[] = [];
    const real: number[] = [];
    for (let round = 0; round < 12; round++) {
      const models = Array.from({ length: 30 }, () => model(0.5));
      const scores = models.map((each) => (each.get("math") ?? new Float32Array()).reduce((sum, value) => sum + value, 0) / 300);
      real.push(Math.max(...scores) - scores.reduce((sum, score) => sum + score, 0) / 30);
      predicted.push(expectedOptimism(models, { weights, seedSd: 0, rng: createRng(round) }));
    }
    expect(mean(real)).toBeGreaterThan(0.02);
    expect(mean(predicted)).toBeGreaterThan(0.6 * mean(real));
    expect(mean(predicted)).toBeLessThan(1.6 * mean(real));
  });

  it("is near 0 where one model is far ahead", () => {
    const models = [model(0.9), ...Array.from({ length: 20 }, () => model(0.3))];
    expect(Math.abs(expectedOptimism(models, { weights, seedSd: 0.01, rng: createRng(1) }))).toBeLessThan(0.006);
  });
});

describe("paretoSet", () => {
  it("leaves out what another model is as good as everywhere and better once", () => {
    const models = new Map([
      ["m0", { math: 0.1, trivia: 0.9 }],
      ["m1", { math: 0.9, trivia: 0.1 }],
      ["m2", { math: 0.1, trivia: 0.8 }],
      ["m3", { math: 0.9, trivia: 0.1 }],
    ]);
    expect(paretoSet(models, ["math", "trivia"])).toEqual(["m0", "m1", "m3"]);
  });
});
