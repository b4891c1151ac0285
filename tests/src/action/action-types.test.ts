import { describe, expect, it } from "vitest";
import { actionTypes } from "#src/action/action-types.ts";
import { actionTypeNames } from "#src/action/action.ts";
import { baseModel } from "#tests/fixtures/pool-objects.ts";

describe("actionTypes", () => {
  it.each(actionTypeNames)("%s fills every setting and refuses unknown ones", (name) => {
    const type = actionTypes[name];
    expect(type.name).toBe(name);
    const setting = type.settingSchema.parse({});
    expect(type.settingSchema.parse(setting)).toEqual(setting);
    expect(type.settingSchema.safeParse({ nonsense: 1 }).success).toBe(false);
  });

  it("costs a training by parameters × tokens of its steps", () => {
    const setting = actionTypes.sft.settingSchema.parse({
      max_steps: 80,
      per_device_train_batch_size: 32,
      gradient_accumulation_steps: 2,
      max_length: 8,
    });
    const cost = actionTypes.sft.cost([baseModel("m0", { parameters: 1000 })], [{ rows: 500, meanTokens: 20 }], setting);
    expect(cost).toEqual({ steps: 80, tokens: 80 * 64 * 8, work: 1000 * 80 * 64 * 8 });
  });

  it("counts the steps of epochs over all datasets", () => {
    const setting = actionTypes.sft.settingSchema.parse({ num_train_epochs: 2, per_device_train_batch_size: 8 });
    const cost = actionTypes.sft.cost(
      [baseModel("m0")],
      [
        { rows: 10, meanTokens: 4 },
        { rows: 10, meanTokens: 6 },
      ],
      setting,
    );
    expect(cost).toMatchObject({ steps: 6, tokens: 6 * 8 * 5 });
  });

  it("costs a merge by the parameters of its parents", () => {
    expect(actionTypes.merge_ties.cost([baseModel("m1"), baseModel("m2")], [], {})).toEqual({ steps: 0, tokens: 0, work: 200 });
  });
});
