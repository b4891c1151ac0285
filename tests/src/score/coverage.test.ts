import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "#src/policy/rng.ts";
import { comparePaired, measure } from "#src/score/compare.ts";
import type { Measured, TaskWeight } from "#src/score/evaluation.ts";

const simulations = 3000;

function weightsOf(...weights: number[]): TaskWeight[] {
  return weights.map((weight, index) => ({ task: `t${index}`, weight, maximum: 1, floor: null }));
}

function draw(n: number, item: () => number): Float32Array {
  return Float32Array.from({ length: n }, item);
}

/** Share of simulated experiments whose interval holds the truth. */
function coverage(truth: number, experiment: (rng: Rng) => Measured): number {
  let held = 0;
  for (let i = 0; i < simulations; i++) {
    const { low, high } = experiment(createRng("coverage", i));
    if (low <= truth && truth <= high) held++;
  }
  return held / simulations;
}

/** One simulated share of .95 has a standard error of .004 here; Wilson's and Bonett–Price's own level wavers by about .02. */
function near95(share: number, most = 0.985): void {
  expect(share).toBeGreaterThan(0.93);
  expect(share).toBeLessThan(most);
}

describe("the interval of a model's score", () => {
  it.each([
    { n: 30, shares: [0.5] },
    { n: 50, shares: [0.05] },
    { n: 200, shares: [0.97] },
    { n: 100, shares: [0.9, 0.4, 0.02] },
  ])("holds the truth in about 95 % of samples of $n items at $shares", ({ n, shares }) => {
    const weights = weightsOf(...shares.map(() => 1 / shares.length));
    const truth = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    near95(
      coverage(truth, (rng) =>
        measure(new Map(shares.map((share, index) => [`t${index}`, draw(n, () => (rng.uniform() < share ? 1 : 0))])), weights, "search"),
      ),
    );
  });

  it("does so with unequal weights, and for metrics that are not right or wrong", () => {
    const weights = weightsOf(0.8, 0.2);
    near95(
      coverage(0.8 * 0.5 + 0.2 * 0.1, (rng) =>
        measure(
          new Map([
            ["t0", draw(60, () => rng.uniform())],
            ["t1", draw(200, () => (rng.uniform() < 0.1 ? 1 : 0))],
          ]),
          weights,
          "search",
        ),
      ),
    );
  });
});

describe("the interval of a paired difference", () => {
  /** Cells of one item: both right, only a, only b, neither. */
  const cells: { both: number; aOnly: number; bOnly: number; name: string; most?: number }[] = [
    { both: 0.4, aOnly: 0.1, bOnly: 0.1, name: "equal models" },
    { both: 0.5, aOnly: 0.15, bOnly: 0.05, name: "a better model" },
    // Few items differ: the interval errs on the wide side.
    { both: 0.9, aOnly: 0.02, bOnly: 0.01, name: "near-siblings", most: 0.997 },
    { both: 0.1, aOnly: 0.5, bOnly: 0.05, name: "a leap" },
  ];

  it.each(cells)("holds the truth in about 95 % of samples for $name", ({ both, aOnly, bOnly, most }) => {
    const weights = weightsOf(0.5, 0.5);
    const pair = (rng: Rng, n: number) => {
      const a = new Float32Array(n);
      const b = new Float32Array(n);
      for (let i = 0; i < n; i++) {
        const u = rng.uniform();
        a[i] = u < both + aOnly ? 1 : 0;
        b[i] = u < both || (u >= both + aOnly && u < both + aOnly + bOnly) ? 1 : 0;
      }
      return [a, b] as const;
    };
    near95(
      coverage(aOnly - bOnly, (rng) => {
        const [a0, b0] = pair(rng, 200);
        const [a1, b1] = pair(rng, 100);
        const a = new Map([
          ["t0", a0],
          ["t1", a1],
        ]);
        const b = new Map([
          ["t0", b0],
          ["t1", b1],
        ]);
        return comparePaired(a, b, weights, "search");
      }),
      most,
    );
  });
});
