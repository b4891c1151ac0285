import { describe, expect, it } from "vitest";
import { citeTrials } from "#src/memory/cite-trials.ts";
import { formatChange, formatChangeInterval, formatInterval, formatScore } from "#src/memory/format-score.ts";
import { studentT } from "#src/memory/student-t.ts";

describe("numbers in sentences", () => {
  it.each([
    [0.7042, ".704"],
    [1, "1.000"],
    [-0.0001, ".000"],
    [-0.25, "−.250"],
  ])("writes the score %f as %s", (score, text) => expect(formatScore(score)).toBe(text));

  it("writes changes with their sign, and intervals in brackets", () => {
    expect(formatChange(0.0214)).toBe("+.021");
    expect(formatChange(-0.004)).toBe("−.004");
    expect(formatInterval({ mean: 0.704, low: 0.672, high: 0.736 })).toBe(".704 [.672, .736]");
    expect(formatChangeInterval({ mean: 0.021, low: -0.004, high: 0.046 })).toBe("+.021 [−.004, +.046]");
  });

  it.each([
    [[], "no trial yet"],
    [[3], "trial 3"],
    [[9, 3, 7], "trials 3, 7 and 9"],
    [[1, 2, 3, 4, 5, 6], "trials …, 2, 3, 4, 5 and 6"],
  ])("cites %j as %s", (trials, text) => expect(citeTrials(trials)).toBe(text));

  it.each([
    [1, 12.706],
    [10, 2.228],
    [60, 2.0],
    [10_000, 1.96],
  ])("knows the quantile of t with %i degrees of freedom", (degrees, quantile) => expect(studentT(degrees)).toBeCloseTo(quantile, 2));
});
