import { describe, expect, it } from "vitest";
import { actionTypes } from "#src/action/action-types.ts";
import { type Action, type ActionTypeName, fullFidelity, type Setting } from "#src/action/action.ts";
import { describeAction, describeMethod } from "#src/action/describe-action.ts";

function make(type: ActionTypeName, models: string[], datasets: string[], setting: Setting): Action {
  return { type, models, datasets, setting: actionTypes[type].settingSchema.parse(setting), seed: 0, fidelity: fullFidelity };
}

describe("describeAction", () => {
  it.each([
    [make("sft", ["m9"], ["common"], { max_steps: 80 }), "SFT of m9 on common, 80 steps"],
    [make("sft", ["m0"], ["math", "trivia", "common"], { max_steps: 1 }), "SFT of m0 on math, trivia and common, 1 step"],
    [
      make("sft", ["m0"], ["math", "trivia"], { max_steps: 80, mixture_temperature: 4 }),
      "SFT of m0 on math and trivia, 80 steps, mixture temperature 4",
    ],
    [make("dpo", ["m17"], ["prefs-8k"], { peft_r: 64 }), "DPO of m17 on prefs-8k, 1 epoch, LoRA r 64"],
    [make("merge_ties", ["m9", "m4"], [], { density: 0.8 }), "TIES merge of m9 and m4, density 0.8"],
    [make("merge_linear", ["m1", "m2"], [], { weights: [0.7, 0.3] }), "linear merge of m1 and m2, weights 0.7 and 0.3"],
    [make("merge_task_arithmetic", ["m1", "m2"], [], { lambda: 0.5 }), "task-arithmetic merge of m1 and m2, λ 0.5"],
    [make("merge_slerp", ["m1", "m2"], [], {}), "SLERP merge of m1 and m2, t 0.5"],
    [
      { ...make("sft", ["m0"], ["math"], { max_steps: 80 }), seed: 2, fidelity: { data: 0.25, steps: 0.5 } },
      "SFT of m0 on math, 80 steps, 25 % of the data, 50 % of the steps, seed 2",
    ],
  ])("says %#", (action, phrase) => {
    expect(describeAction(action)).toBe(phrase);
  });

  it("tells what the run varies, in short numbers", () => {
    const action = make("dpo", ["m17"], ["prefs"], { learning_rate: 5e-6, beta: 0.1 });
    expect(describeAction(action, ["learning_rate", "beta"])).toBe("DPO of m17 on prefs, 1 epoch, lr 5e-6, β 0.1");
  });

  it("leaves out the models when only the method is wanted", () => {
    expect(describeMethod(make("merge_ties", ["m9", "m4"], [], {}))).toBe("TIES merge, density 0.5");
  });
});
