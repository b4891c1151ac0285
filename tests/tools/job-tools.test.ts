import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { createEvaluateTool } from "#tools/evaluate.ts";
import { createMergeTool } from "#tools/merge.ts";
import { createPreferenceTool } from "#tools/preference.ts";
import { createSftTool } from "#tools/sft.ts";
import { openTestHome, type TestHome, trainSpec } from "./test-home.ts";

let place: TestHome;
beforeEach(async () => {
  place = await openTestHome();
});
afterEach(async () => {
  await place.remove();
});

describe("job tools", () => {
  it("runs a job and answers with its outcome", async () => {
    const tool = createSftTool(place.context(createScriptedExecutor()));
    expect(tool.name).toBe("sft");
    expect(await tool.invoke({ spec: trainSpec(place.home, "a") })).toMatchObject({ status: "ok", replies: { train: { status: "ok" } } });
  });

  it.each([createPreferenceTool, createMergeTool, createEvaluateTool])("refuses a job of another script", async (create) => {
    const executor = createScriptedExecutor();
    const tool = create(place.context(executor));
    await expect(tool.invoke({ spec: trainSpec(place.home, "a") })).rejects.toThrow(/this job holds a step of sft/);
    expect(executor.submitted).toEqual([]);
  });

  it("refuses what is no job", async () => {
    const tool = createSftTool(place.context(createScriptedExecutor()));
    const spec = { ...trainSpec(place.home, "a"), surprise: true };
    await expect(tool.invoke({ spec })).rejects.toThrow(/schema/);
  });
});
