import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePaired, compareTask, measure, measureTask } from "#src/score/compare.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import { pairedShares, wilson } from "#src/score/interval.ts";

const one: TaskWeight[] = [{ task: "math", weight: 1, maximum: 1, floor: null }];
const outcomes = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60 });
const ofMath = (values: readonly number[]) => new Map([["math", Float32Array.from(values)]]);

describe("wilson", () => {
  // Newcombe (1998), Stat. Med. 17, 857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("gives the published interval of %i in %i", (right, n, low, high) => {
    const interval = wilson(right / n, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

describe("pairedShares", () => {
  it("gives the adjusted Wald interval, worked by hand: 12 against 4 of 50 items", () => {
    const [p, q] = [13 / 52, 5 / 52];
    const half = 1.959964 * Math.sqrt((p + q - (p - q) ** 2) / 52);
    const interval = pairedShares(12, 4, 50);
    expect(interval.mean).toBeCloseTo(0.16, 12);
    expect(interval.low).toBeCloseTo(p - q - half, 12);
    expect(interval.high).toBeCloseTo(p - q + half, 12);
  });
});

describe("measure", () => {
  it("weighs tasks by weight over possible maximum", () => {
    const weights: TaskWeight[] = [
      { task: "math", weight: 0.75, maximum: 1, floor: null },
      { task: "chat", weight: 0.25, maximum: 10, floor: null },
    ];
    const measured = measure(
      new Map<string, Float32Array>([
        ["math", Float32Array.of(1, 0, 1, 1)],
        ["chat", Float32Array.of(8, 6)],
      ]),
      weights,
      "confirm",
    );
    expect(measured.mean).toBeCloseTo(0.75 * 0.75 + 0.25 * 0.7, 12);
    expect(measured).toMatchObject({ split: "confirm", items: 6, seeds: 1 });
    expect(measured.low).toBeLessThan(measured.mean);
    expect(measured.high).toBeGreaterThan(measured.mean);
  });

  it("has an interval of some width whatever the outcomes, and never leaves [0, 1]", () => {
    fc.assert(
      fc.property(outcomes, (values) => {
        const { mean, low, high } = measure(ofMath(values), one, "search");
        expect(high - low).toBeGreaterThan(0);
        expect(low).toBeGreaterThanOrEqual(-1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(mean).toBeCloseTo(values.reduce<number>((sum, value) => sum + value, 0) / values.length, 12);
      }),
    );
  });

  it("leaves out tasks without weight, and needs every other one", () => {
    const weights: TaskWeight[] = [...one, { task: "chat", weight: 0, maximum: 1, floor: null }];
    expect(measure(ofMath([1, 0]), weights, "search").items).toBe(2);
    expect(() => measure(new Map(), one, "search")).toThrow('no item outcomes for task "math"');
  });

  it("bounds a metric whose items are all alike by the worst case", () => {
    const alike = measureTask(new Float32Array(100).fill(5), 10, "search");
    expect(alike.low).toBeCloseTo(10 * wilson(0.5, 100).low, 12);
    expect(alike.high).toBeCloseTo(10 * wilson(0.5, 100).high, 12);
  });
});

describe("comparePaired", () => {
  it("mirrors when the models swap places", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(0, 1), fc.constantFrom(0, 1)), { minLength: 1, maxLength: 60 }), (pairs) => {
        const a = ofMath(pairs.map(([left]) => left));
        const b = ofMath(pairs.map(([, right]) => right));
        const forth = comparePaired(a, b, one, "search");
        const back = comparePaired(b, a, one, "search");
        expect(forth.mean).toBeCloseTo(-back.mean, 12);
        expect(forth.low).toBeCloseTo(-back.high, 12);
        expect(forth.high).toBeCloseTo(-back.low, 12);
        expect(forth.low).toBeLessThanOrEqual(forth.mean);
        expect(forth.high).toBeGreaterThanOrEqual(forth.mean);
      }),
    );
  });

  it("is narrower than two separate intervals when both models fail on the same items", () => {
    const a = Array.from({ length: 200 }, (_, i) => (i < 100 || i % 10 === 0 ? 1 : 0));
    const b = Array.from({ length: 200 }, (_, i) => (i < 100 ? 1 : 0));
    const paired = comparePaired(ofMath(a), ofMath(b), one, "search");
    const apart = measure(ofMath(a), one, "search");
    expect(paired.high - paired.low).toBeLessThan((apart.high - apart.low) / 2);
    expect(paired.low).toBeGreaterThan(0);
  });

  it("calls equal outcomes a tie of some width, not a certainty", () => {
    const same = ofMath([1, 0, 1, 1, 0]);
    const { mean, low, high } = comparePaired(same, same, one, "search");
    expect(mean).toBe(0);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    const graded = compareTask(Float32Array.of(0.2, 0.4), Float32Array.of(0.2, 0.4), 1, "search");
    expect(graded.low).toBeLessThan(0);
  });

  it("refuses results on different items", () => {
    expect(() => comparePaired(ofMath([1, 0]), ofMath([1]), one, "search")).toThrow("2 and 1 items");
  });
});
