import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { Evidence } from "#src/policy/lookahead/evidence.ts";
import type { ObservedTrial } from "#src/policy/policy.ts";

const large: Action = { type: "sft", models: ["m0"], datasets: ["gsm8k"], setting: { batch: 64 }, seed: 0, fidelity: fullFidelity };
const small: Action = { ...large, setting: { batch: 8 } };

function trial(number: number, action: Action, failure: string | null): ObservedTrial {
  return {
    number,
    kind: "chosen",
    action,
    model: failure === null ? `m${number}` : null,
    scores: failure === null ? { math: 0.5 } : null,
    failure,
    steps: 80,
  };
}

describe("Evidence", () => {
  it("expects what failed to fail again with the same setting, whatever the parent, and no other setting to", () => {
    const evidence = new Evidence();
    expect(evidence.failureRate(large)).toBe(0);
    evidence.add(trial(1, large, "out_of_memory"));
    expect(evidence.failureRate({ ...large, models: ["m7"] })).toBe(0.5);
    expect(evidence.failureRate(small)).toBe(0);
    evidence.add(trial(2, { ...large, models: ["m7"] }, "out_of_memory"));
    expect(evidence.failureRate(large)).toBeCloseTo(2 / 3);
    evidence.add(trial(3, { ...large, models: ["m8"] }, null));
    expect(evidence.failureRate(large)).toBe(0.5);
  });

  it("cites the latest ten trials that have scores, and knows those that failed as tried", () => {
    const evidence = new Evidence();
    evidence.add(trial(1, large, "diverged"));
    expect(evidence.isKnown(small)).toBe(true);
    expect(evidence.trials(small)).toEqual([]);
    for (let number = 2; number <= 14; number++) evidence.add(trial(number, small, null));
    expect(evidence.trials(large)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });
});
