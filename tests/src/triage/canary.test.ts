import { describe, expect, it } from "vitest";
import { fullFidelity, type Action } from "#src/action/action.ts";
import { canaryOf, smallestFidelity } from "#src/triage/canary.ts";

const sft: Action = { type: "sft", models: ["m0"], datasets: ["math"], setting: {}, seed: 0, fidelity: fullFidelity };
const seen = (type: Action["type"], dataset: string, failure: string | null = null) => ({ action: { type, datasets: [dataset] }, failure });

describe("canaryOf", () => {
  it("sends a few steps ahead of a training that may take over ten minutes", () => {
    expect(canaryOf(sft, 601, [])).toEqual({ ...sft, fidelity: smallestFidelity });
    expect(canaryOf(sft, 600, [])).toBeNull();
  });

  it("does so once for each action type and dataset", () => {
    expect(canaryOf(sft, 9999, [seen("sft", "math")])).toBeNull();
    expect(canaryOf(sft, 9999, [seen("dpo", "math"), seen("sft", "trivia")])).not.toBeNull();
    expect(canaryOf({ ...sft, datasets: ["math", "trivia"] }, 9999, [seen("sft", "math")])).not.toBeNull();
  });

  it("takes no failure for a proof", () => {
    expect(canaryOf(sft, 9999, [seen("sft", "math", "out_of_memory")])).not.toBeNull();
  });

  it("leaves merges alone", () => {
    expect(canaryOf({ ...sft, type: "merge_ties", models: ["m0", "m1"], datasets: [] }, 9999, [])).toBeNull();
  });
});
