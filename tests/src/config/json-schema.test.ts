import { describe, expect, it } from "vitest";
import { actionTypeNames } from "#src/action/action.ts";
import { part, runConfigJsonSchema } from "#src/config/json-schema.ts";
import { nearest } from "#src/config/did-you-mean.ts";

describe("runConfigJsonSchema", () => {
  it("offers every action type with its settings, nested and flat", () => {
    const actions = part(part(part(runConfigJsonSchema(), "properties"), "actions"), "properties");
    expect(Object.keys(actions)).toEqual([...actionTypeNames]);
    const sft = part(part(actions, "sft"), "properties");
    expect(Object.keys(sft)).toEqual(expect.arrayContaining(["learning_rate", "max_steps", "peft_r", "peft"]));
    expect(Object.keys(part(part(sft, "peft"), "properties"))).toEqual(["r", "lora_alpha", "lora_dropout"]);
  });

  it("is plain JSON", () => {
    const schema = runConfigJsonSchema();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(JSON.parse(JSON.stringify(runConfigJsonSchema())));
    expect(schema["required"]).toEqual(expect.arrayContaining(["name", "models", "datasets", "tasks", "actions"]));
  });
});

describe("nearest", () => {
  it.each([
    ["verifer", "verifier"],
    ["hybird", "hybrid"],
    ["VERIFIER", "verifier"],
    ["dop", null],
    ["elephant", null],
  ])("reads %s as %s", (word, meant) => {
    expect(nearest(word, ["verifier", "hybrid", "path"])).toBe(meant);
  });
});
