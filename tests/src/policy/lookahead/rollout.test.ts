import { describe, expect, it } from "vitest";
import type { MergeStep } from "#src/policy/lookahead/merge-steps.ts";
import { Purse } from "#src/policy/lookahead/purse.ts";
import { rollOut, type RolloutInput } from "#src/policy/lookahead/rollout.ts";

/** One task, one group; the state vector is [1, score − .5, log(1 + exposure)]. */
const lift = { group: 0, cost: 80, map: Float64Array.of(0.1, 0, 0) };
const harm = { group: 0, cost: 80, map: Float64Array.of(-0.2, 0, 0) };

/** A budget of trials alone. */
function purseOf(trialsLeft: number): Purse {
  return new Purse({ budget: { trialsLeft, trialsDone: 0, steps: null } }, 80);
}

function roll(changes: Partial<RolloutInput>) {
  const root = { scores: Float64Array.of(0.5), exposure: Float64Array.of(0), depth: 1 };
  return rollOut({
    roots: [root],
    steps: [harm, lift],
    mixed: [],
    mixing: [],
    merges: [],
    origins: [],
    goal: { weights: Float64Array.of(1), floors: null, price: 2 },
    best: 0.4,
    maxDepth: 10,
    costs: [80],
    purse: purseOf(11),
    ...changes,
  });
}

describe("rollOut", () => {
  it("goes on with what lifts the score, discounted by .95 a step", () => {
    const [outlook] = roll({});
    const steps = outlook?.path.length ?? 0;
    expect(steps).toBeGreaterThanOrEqual(2);
    expect(outlook?.path).toEqual(Array.from({ length: steps }, () => 1));
    expect(outlook?.value).toBeCloseTo(0.95 ** steps * (0.5 + 0.1 * steps - 0.4));
  });

  it("prices what falls short of a floor, and sees that a later step repairs it", () => {
    const goal = { weights: Float64Array.of(1), floors: Float64Array.of(0.55), price: 2 };
    const [broken] = roll({ goal, steps: [] });
    expect(broken?.value).toBeCloseTo(0.5 - 2 * 0.05 - 0.4);
    const [repaired] = roll({ goal, maxDepth: 2 });
    expect(repaired).toMatchObject({ path: [1], value: expect.closeTo(0.95 * (0.6 - 0.4)) });
    const unset = { ...goal, floors: Float64Array.of(Number.NEGATIVE_INFINITY) };
    expect(roll({ goal: unset })).toEqual(roll({}));
  });

  it("takes a candidate by itself when nothing lifts it", () => {
    expect(roll({ steps: [harm] })).toEqual([{ value: expect.closeTo(0.1), worth: expect.closeTo(0.1), path: [] }]);
    expect(roll({ steps: [] })).toEqual([{ value: expect.closeTo(0.1), worth: expect.closeTo(0.1), path: [] }]);
  });

  it("counts on no training that depth or budget forbid", () => {
    expect(roll({ maxDepth: 2 })[0]?.path).toEqual([1]);
    expect(roll({ maxDepth: 1 })[0]?.path).toEqual([]);
    expect(roll({ purse: purseOf(2) })[0]?.path).toEqual([1]);
    expect(roll({ purse: purseOf(1) })[0]?.path).toEqual([]);
  });

  it("goes on with a mixture where that is better than each of its datasets", () => {
    const two = { scores: Float64Array.of(0.5, 0.5), exposure: Float64Array.of(0, 0), depth: 1 };
    const first = { group: 0, cost: 80, map: Float64Array.of(0.2, 0, 0, 0, 0, -0.2, 0, 0, 0, 0) };
    const second = { group: 1, cost: 80, map: Float64Array.of(-0.2, 0, 0, 0, 0, 0.2, 0, 0, 0, 0) };
    const mixed = [{ parts: [0, 1].map((step) => ({ step, share: 0.5 })), own: 0, surplus: null, cost: 80 }];
    const learnt = { pooled: Float64Array.of(0, 0.4, 0, 0, 0), groups: [Float64Array.of(0, 0)] };
    const goal = { weights: Float64Array.of(0.5, 0.5), floors: null, price: 2 };
    const input = { roots: [two], steps: [first, second], goal, best: 0.5, mixing: [learnt, learnt] };
    expect(roll({ ...input, mixed: [] })[0]?.path).toEqual([]);
    const [outlook] = roll({ ...input, mixed });
    expect(outlook?.path).toEqual([2, 2]);
    expect(outlook?.value).toBeGreaterThan(0.2);
  });

  it("goes on with a merge with the model that it started from, where that brings back what a training forgets", () => {
    const forgetful = { group: 0, cost: 80, map: Float64Array.of(0.4, 0, 0, 0, 0, -0.4, 0, 0, 0, 0) };
    const start = { scores: Float64Array.of(0.1, 0.9), exposure: Float64Array.of(0, 0), depth: 0 };
    const child = { scores: Float64Array.of(0.5, 0.5), exposure: Float64Array.of(1, 0), depth: 1 };
    const terms = [0, 1].map(() => ({ constant: 0.05, spread: 0.5, height: 0 }));
    const merge: MergeStep = { type: "merge_linear", mate: null, takesBases: true, base: "m0", baseScores: start.scores, terms };
    const goal = { weights: Float64Array.of(0.5, 0.5), floors: null, price: 2 };
    const input = { roots: [child], steps: [forgetful], merges: [merge], goal, best: 0.5 };
    const [outlook] = roll({ ...input, origins: [{ base: "m0", parent: start }], purse: purseOf(2) });
    expect(outlook?.path).toEqual([1]);
    expect(outlook?.value).toBeCloseTo(0.95 * ((0.3 + 0.05 + 0.2 + 0.7 + 0.05 + 0.2) / 2 - 0.5));
    const ties = { ...input, merges: [{ ...merge, takesBases: false }], origins: [{ base: "m0", parent: start }] };
    expect(roll({ ...ties, purse: purseOf(2) })[0]?.path).toEqual([]);
    // Another base, or a merge as candidate, which has no one model that it started from.
    expect(roll({ ...input, origins: [{ base: "m9", parent: start }], purse: purseOf(2) })[0]?.path).toEqual([]);
    expect(roll({ ...input, origins: [{ base: "m0", parent: null }], purse: purseOf(2) })[0]?.path).toEqual([]);
    const mate = { ...start, depth: 3 };
    const other = { ...input, merges: [{ ...merge, mate }], origins: [{ base: "m0", parent: null }] };
    expect(roll({ ...other, purse: purseOf(2) })[0]?.path).toEqual([1]);
    expect(roll({ ...other, purse: purseOf(2), maxDepth: 3 })[0]?.path).toEqual([]);
  });

  it("goes on with a merge where no training is left", () => {
    const mate = { scores: Float64Array.of(0.9), exposure: Float64Array.of(0), depth: 1 };
    const terms = [{ constant: 0.1, spread: 0, height: 0 }];
    const merges: MergeStep[] = [{ type: "merge_ties", mate, takesBases: false, base: "m0", baseScores: Float64Array.of(0), terms }];
    expect(roll({ steps: [], merges, origins: [{ base: "m0", parent: null }], purse: purseOf(2) })[0]?.path).toEqual([0]);
  });

  it("sees diminishing returns by exposure, and keeps scores within 1", () => {
    const fading = { group: 0, cost: 80, map: Float64Array.of(0.1, 0, -0.2) };
    expect(roll({ steps: [fading] })[0]?.path).toEqual([0]);
    const huge = { group: 0, cost: 80, map: Float64Array.of(5, 0, 0) };
    expect(roll({ steps: [huge] })[0]?.value).toBeCloseTo(0.95 * 0.6);
  });

  it("values every root, also of many", () => {
    const roots = Array.from({ length: 2000 }, (_, index) => ({
      scores: Float64Array.of(index / 4000),
      exposure: Float64Array.of(0),
      depth: 1,
    }));
    const outlooks = roll({ roots });
    expect(outlooks).toHaveLength(2000);
    expect(outlooks.at(-1)?.path.length).toBeGreaterThanOrEqual(2);
    expect(outlooks[0]?.value).toBeGreaterThanOrEqual(-0.4);
  });
});
