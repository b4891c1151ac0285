import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { actionKey, batchKey, evaluationKey, keyOfTask } from "#src/action/key.ts";
import { runConfigSchema } from "#src/config/run-config.ts";

const objects = {
  models: new Map([
    ["m0", { key: "aa" }],
    ["m1", { key: "bb" }],
    ["m2", { key: "cc" }],
  ]),
  datasets: new Map([
    ["math", { key: "d1" }],
    ["common", { key: "d2" }],
  ]),
};
const sft: Action = {
  type: "sft",
  models: ["m0"],
  datasets: ["math"],
  setting: { max_steps: 80, learning_rate: 0.001 },
  seed: 0,
  fidelity: fullFidelity,
};
const merge: Action = {
  type: "merge_linear",
  models: ["m1", "m2"],
  datasets: [],
  setting: { weights: [0.7, 0.3] },
  seed: 0,
  fidelity: fullFidelity,
};

describe("actionKey", () => {
  it("is 40 hex characters, the same on every machine", () => {
    // Python: sha256(json.dumps(…, sort_keys=True, separators=(",", ":")).encode()).hexdigest()[:40]
    expect(actionKey(sft, objects)).toBe("7114521bd08377428e81136a246eaab9206f047b");
  });

  it.each<[string, Action]>([
    ["another model", { ...sft, models: ["m1"] }],
    ["another dataset", { ...sft, datasets: ["common"] }],
    ["one more dataset", { ...sft, datasets: ["math", "common"] }],
    ["another setting", { ...sft, setting: { max_steps: 20, learning_rate: 0.001 } }],
    ["another type", { ...sft, type: "orpo" }],
    ["another seed", { ...sft, seed: 1 }],
    ["another fidelity", { ...sft, fidelity: { data: 0.25, steps: 1 } }],
    ["a temperature of a mixture", { ...sft, datasets: ["math", "common"], setting: { ...sft.setting, mixture_temperature: 4 } }],
  ])("differs for %s", (_, other) => {
    expect(actionKey(other, objects)).not.toBe(actionKey(sft, objects));
  });

  it.each<[string, Action, Action]>([
    ["keys of the setting in another order", sft, { ...sft, setting: { learning_rate: 0.001, max_steps: 80 } }],
    ["datasets in another order", { ...sft, datasets: ["math", "common"] }, { ...sft, datasets: ["common", "math"] }],
    ["parents in another order, weights with them", merge, { ...merge, models: ["m2", "m1"], setting: { weights: [0.3, 0.7] } }],
    ["a temperature where there is nothing to mix", sft, { ...sft, setting: { ...sft.setting, mixture_temperature: 4 } }],
    [
      "a temperature of 1, which changes nothing, and none",
      { ...sft, datasets: ["math", "common"] },
      { ...sft, datasets: ["math", "common"], setting: { ...sft.setting, mixture_temperature: 1 } },
    ],
  ])("is the same for %s", (_, one, other) => {
    expect(actionKey(other, objects)).toBe(actionKey(one, objects));
  });

  it("tells apart whose weight is whose, and the order of a slerp", () => {
    expect(actionKey({ ...merge, setting: { weights: [0.3, 0.7] } }, objects)).not.toBe(actionKey(merge, objects));
    const slerp: Action = { ...merge, type: "merge_slerp", setting: { t: 0.5 } };
    expect(actionKey({ ...slerp, models: ["m2", "m1"] }, objects)).not.toBe(actionKey(slerp, objects));
  });

  it("does not depend on ids: the same action in another run has the same key", () => {
    const elsewhere = {
      models: new Map([
        ["m7", { key: "cc" }],
        ["m9", { key: "bb" }],
      ]),
      datasets: new Map(),
    };
    expect(actionKey({ ...merge, models: ["m7", "m9"], setting: { weights: [0.3, 0.7] } }, elsewhere)).toBe(actionKey(merge, objects));
  });

  it("refuses an action on an object that the pool lacks", () => {
    expect(() => actionKey({ ...sft, models: ["m5"] }, objects)).toThrow('No model "m5" in the pool');
  });
});

describe("evaluationKey and batchKey", () => {
  it("tell apart model, task and split", () => {
    const keys = [
      evaluationKey("a", "t", "search"),
      evaluationKey("b", "t", "search"),
      evaluationKey("a", "u", "search"),
      evaluationKey("a", "t", "final"),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it("name a batch by its members, in any order", () => {
    expect(batchKey(["a", "b"])).toBe(batchKey(["b", "a"]));
    expect(batchKey(["a", "b"])).not.toBe(batchKey(["a", "b", "c"]));
  });
});

const keyFor = (task: object) => {
  const { tasks } = runConfigSchema.parse({ name: "a", models: {}, datasets: {}, tasks: { task }, actions: {} });
  return keyOfTask("registered", tasks["task"]);
};

describe("keyOfTask", () => {
  const generate = { kind: "generate", path: "task.jsonl", verifier: { kind: "exact" } } as const;
  const lmEval = { kind: "lm_eval", task: "arc_easy" } as const;
  it("is what registration hashed where nothing else differs", () => {
    expect([keyFor(generate), keyFor({ ...generate, batch_size: 7, weight: 2 }), keyFor(lmEval)]).toEqual([
      "registered",
      "registered",
      "registered",
    ]);
  });

  it("tells apart what changes the answers and registration does not see", () => {
    const keys = [
      keyFor({ ...generate, chat_template: false }),
      keyFor({ ...lmEval, metric: "acc_norm" }),
      keyFor({ ...lmEval, num_fewshot: 5 }),
      "registered",
    ];
    expect(new Set(keys).size).toBe(4);
  });
});
