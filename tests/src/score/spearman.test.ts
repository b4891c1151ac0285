import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spearman } from "#src/score/spearman.ts";

describe("Spearman's rank correlation", () => {
  it.each([
    [[1, 2, 3, 4], [10, 20, 30, 40], 1],
    [[1, 2, 3, 4], [4, 3, 2, 1], -1],
    [[1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8],
    // Ties take the mean of their ranks: 1, 2.5, 2.5, 4 against 1, 2, 3, 4.
    [[1, 2, 2, 3], [1, 2, 3, 4], 4.5 / Math.sqrt(4.5 * 5)],
  ])("of %j and %j is %d", (a, b, expected) => {
    expect(spearman(a, b)).toBeCloseTo(expected);
  });

  it("is null where a side has no spread", () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  it("does not change when values are stretched without changing their order", () => {
    const values = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
      minLength: 3,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (pairs) => {
        const [a, b] = [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
        expect(
          spearman(
            a.map((value) => value ** 3),
            b,
          ),
        ).toEqual(spearman(a, b));
      }),
    );
  });
});
