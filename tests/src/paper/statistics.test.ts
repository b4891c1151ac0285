import { describe, expect, it } from "vitest";
import { formatDifference, formatEstimate, overSeeds, shareOfSeeds } from "#src/paper/statistics.ts";
import { orderKept, survivingGap } from "#src/paper/order-kept.ts";

describe("means over seeds", () => {
  it("carry Student's interval, which four equal steps around .5 put at ±.41", () => {
    const estimate = overSeeds([0.2, 0.4, 0.6, 0.8]);
    expect(estimate?.mean).toBeCloseTo(0.5);
    // t(.975, 3) = 3.182; s = .2582; s / √4 = .1291
    expect(estimate?.interval?.low).toBeCloseTo(0.5 - 3.182 * 0.1291, 3);
    expect(estimate?.seeds).toBe(4);
  });

  it("have no interval for one seed, and are null for none", () => {
    expect(formatEstimate(overSeeds([0.5]))).toBe(".500 (one seed)");
    expect(overSeeds([])).toBeNull();
    expect(formatEstimate(null)).toBe("–");
  });

  it("stay within the range of what they measure", () => {
    expect(overSeeds([1, 1, 0], [0, 1])?.interval).toEqual({ low: 0, high: 1 });
  });

  it("of shares are Wilson's, never of width 0", () => {
    const all = shareOfSeeds([true, true, true, true, true]);
    expect(all?.mean).toBe(1);
    expect(all?.interval?.low).toBeCloseTo(0.566, 2);
  });

  it("of differences show their sign", () => {
    expect(formatDifference({ mean: 0.02, interval: { low: -0.01, high: 0.05 }, seeds: 5 })).toBe("+.020 [−.010, +.050]");
  });
});

const reads = (seed: number, pairs: [number, number][]) => pairs.map(([small, large], pipeline) => ({ seed, pipeline, small, large }));

describe("the order of pipelines at another size", () => {
  it("is counted by the gap at the small size, within each seed", () => {
    // Gaps .01 (turned round), .20 and .21 (kept); the other seed's only pair has a gap of .30 and is turned round.
    const kept = orderKept([
      ...reads(0, [
        [0.5, 0.6],
        [0.51, 0.58],
        [0.3, 0.2],
      ]),
      ...reads(1, [
        [0.6, 0.1],
        [0.3, 0.2],
      ]),
    ]);
    expect(kept.map(({ pairs }) => pairs)).toEqual([1, 0, 0, 3]);
    expect(kept.map((each) => each.kept?.mean ?? null)).toEqual([0, null, null, 0.5]);
    expect(survivingGap(kept)).toBeNull();
  });

  it("survives from the smallest gap above which nothing is lost", () => {
    const kept = orderKept(
      reads(0, [
        [0.5, 0.6],
        [0.51, 0.58],
        [0.3, 0.2],
      ]),
    );
    expect(survivingGap(kept)).toBe(0.1);
    expect(survivingGap(orderKept([]))).toBeNull();
  });
});
