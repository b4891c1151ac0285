import * as fc from "fast-check";
import { inverse, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { ArrowRegression, type Observation } from "#src/policy/lookahead/arrow-regression.ts";
import { predictChange } from "#src/policy/lookahead/beliefs.ts";
import { createRng } from "#src/policy/rng.ts";

const priors = { pooled: [0.5, 0.2], groups: [[0.3, 0.4, 0.1], [0.6]] };
const sizes = [2, 3, 1];
const noise = 0.1;

interface Sample extends Observation {
  y: number;
}

const value = fc.double({ min: -2, max: 2, noNaN: true });
const sample = fc
  .record({ group: fc.constantFrom(null, 0, 1), values: fc.array(value, { minLength: 5, maxLength: 5 }), y: value })
  .map(({ group, values, y }): Sample => {
    const own = group === null ? [] : values.slice(2, 2 + (sizes[group + 1] ?? 0));
    return { group, pooled: Float64Array.from(values.slice(0, 2)), own: Float64Array.from(own), y };
  });

/** One row over all weights: pooled, first group, second group. */
function dense({ group, pooled, own }: Observation): number[] {
  return [...pooled, ...(group === 0 ? own : [0, 0, 0]), ...(group === 1 ? own : [0])];
}

/** The posterior in one piece: A⁻¹ and μ with A = diag(1/sd²) + XᵀX/σ². */
function densePosterior(samples: readonly Sample[]): { covariance: Matrix; mean: Matrix } {
  const a = Matrix.diag([...priors.pooled, ...priors.groups.flat()].map((deviation) => deviation ** -2));
  const b = Matrix.zeros(6, 1);
  for (const seen of samples) {
    const x = Matrix.columnVector(dense(seen));
    a.add(x.mmul(x.transpose()).mul(noise ** -2));
    b.add(Matrix.mul(x, seen.y * noise ** -2));
  }
  const covariance = inverse(a);
  return { covariance, mean: covariance.mmul(b) };
}

function fit(samples: readonly Sample[]): ArrowRegression {
  const regression = ArrowRegression.fromPriors(priors, noise);
  for (const seen of samples) regression.add(seen, seen.y);
  return regression;
}

describe("ArrowRegression", () => {
  it("has the posterior mean and variance of the same regression in one piece", () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 12 }), sample, (samples, asked) => {
        const expected = densePosterior(samples);
        const posterior = fit(samples).posterior();
        const weights = [...posterior.mean.pooled, ...posterior.mean.groups.flatMap((group) => [...group])];
        for (const [index, weight] of weights.entries()) expect(weight).toBeCloseTo(expected.mean.get(index, 0), 6);
        const x = Matrix.columnVector(dense(asked));
        expect(posterior.variance(asked)).toBeCloseTo(x.dot(expected.covariance.mmul(x)), 6);
        expect(predictChange(posterior.mean, asked)).toBeCloseTo(x.dot(expected.mean), 6);
      }),
      { numRuns: 60 },
    );
  });

  it("draws weights that spread as the posterior does, times the width", () => {
    const samples = fc.sample(sample, { numRuns: 10, seed: 4 });
    const posterior = fit(samples).posterior();
    const { covariance } = densePosterior(samples);
    const rng = createRng("draws");
    const draws = Array.from({ length: 4000 }, () => posterior.draw(rng, 0.5));
    for (const [place, read] of [
      [0, (draw: (typeof draws)[number]) => draw.pooled[0] ?? 0],
      [3, (draw: (typeof draws)[number]) => draw.groups[0]?.[1] ?? 0],
    ] as const) {
      const values = draws.map(read);
      const mean = values.reduce((sum, entry) => sum + entry, 0) / values.length;
      const variance = values.reduce((sum, entry) => sum + (entry - mean) ** 2, 0) / values.length;
      expect(Math.sqrt(variance) / (0.5 * Math.sqrt(covariance.get(place, place)))).toBeCloseTo(1, 1);
    }
    expect(posterior.draw(rng, 0)).toEqual(posterior.mean);
  });

  it("copies without sharing, and a fantasy at the predicted mean narrows without moving the mean", () => {
    const [second, ...rest] = fc.sample(sample, { numRuns: 8, seed: 9 });
    if (second === undefined) throw new Error("no samples");
    const first = { group: 0, pooled: Float64Array.of(1, -0.5), own: Float64Array.of(1, 0.3, -1) };
    const regression = fit([second, ...rest]);
    const before = regression.posterior();
    const copy = regression.copy();
    copy.add(first, predictChange(before.mean, first));
    expect(copy.posterior().variance(first)).toBeLessThan(before.variance(first));
    expect(predictChange(copy.posterior().mean, second)).toBeCloseTo(predictChange(before.mean, second), 9);
    expect(regression.posterior().variance(first)).toBe(before.variance(first));
  });
});
