import { describe, expect, it } from "vitest";
import { type Action, type Fidelity, fullFidelity } from "#src/action/action.ts";
import { ArrowRegression } from "#src/policy/lookahead/arrow-regression.ts";
import { LowFidelity } from "#src/policy/lookahead/low-fidelity.ts";
import type { ObservedTrial } from "#src/policy/policy.ts";

const quarter = { data: 1, steps: 0.25 };
const seen = { group: null, pooled: Float64Array.of(1), own: Float64Array.of() };

function sft(dataset: string, fidelity: Fidelity): Action {
  return { type: "sft", models: ["m0"], datasets: [dataset], setting: { max_steps: 80 }, seed: 0, fidelity };
}

function trialOf(number: number, action: Action): ObservedTrial {
  return { number, kind: "chosen", action, model: `m${number}`, scores: {}, failure: null, steps: 20 };
}

function regressionOfOne(): ArrowRegression {
  return ArrowRegression.fromPriors({ pooled: [1], groups: [] }, 1);
}

/** Four datasets first at a quarter and then in full, where the order is kept or turned round. */
function learn(low: LowFidelity, isTurned: boolean): void {
  for (let index = 0; index < 4; index++) low.learn(trialOf(index, sft(`d${index}`, quarter)), index / 10);
  for (let index = 0; index < 4; index++) low.learn(trialOf(4 + index, sft(`d${index}`, fullFidelity)), (isTurned ? -index : index) / 10);
}

describe("LowFidelity", () => {
  it("counts what was seen in full as a whole, and a low rung as far as it is trusted", () => {
    const [whole, part] = [regressionOfOne(), regressionOfOne()];
    const low = new LowFidelity();
    low.add(sft("d0", fullFidelity), whole, { seen, change: 1 });
    low.add(sft("d0", quarter), part, { seen, change: 1 });
    expect(whole.posterior().mean.pooled[0]).toBeCloseTo(1 / 2);
    expect(part.posterior().mean.pooled[0]).toBeCloseTo(0.64 / 1.64);
  });

  it.each([
    ["more once low rungs have ranked as full trainings do", false],
    ["less once they have misled", true],
  ])("lets an earlier look count %s", (_, isTurned) => {
    const regression = regressionOfOne();
    const low = new LowFidelity();
    low.add(sft("d9", quarter), regression, { seen, change: 1 });
    const before = regression.posterior().mean.pooled[0] ?? 0;
    learn(low, isTurned);
    const after = regression.posterior().mean.pooled[0] ?? 0;
    if (isTurned) expect(after).toBeLessThan(before / 2);
    else expect(after).toBeGreaterThan(before);
  });

  it("says what rank led to a promotion, and what such ranks have been worth", () => {
    const low = new LowFidelity();
    for (let index = 0; index < 4; index++) low.learn(trialOf(index, sft(`d${index}`, quarter)), index / 10);
    expect(low.describePromotion(sft("d3", quarter))).toBeNull();
    expect(low.describePromotion(sft("other", fullFidelity))).toBeNull();
    expect(low.describePromotion(sft("d2", fullFidelity))).toBe(
      "Promoted: with 25 % of the steps it came 2 of 4 (trial 2); such ranks are taken to be worth 0.80 until more is known.",
    );
    for (let index = 0; index < 3; index++) low.learn(trialOf(4 + index, sft(`d${index}`, fullFidelity)), index / 10);
    expect(low.describePromotion(sft("d0", fullFidelity))).toBeNull();
    expect(low.describePromotion(sft("d3", fullFidelity))).toContain(
      "came 1 of 4 (trial 3); such ranks have had a correlation of 1.00 with full trainings over 3 datasets",
    );
  });
});
