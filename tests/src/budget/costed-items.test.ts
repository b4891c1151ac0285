import { describe, expect, it } from "vitest";
import { CostModel } from "#src/budget/cost-model.ts";
import { costedItems } from "#src/budget/costed-items.ts";
import { timeLimitSeconds } from "#src/budget/time-limit.ts";
import { parseRunConfig } from "#src/config/load-run-config.ts";

function tasksWith(maxNewTokens: number) {
  const text = `
name: costs
models: { base: { path: model } }
datasets: { words: { path: words.jsonl } }
tasks:
  words: { kind: generate, path: words.jsonl, verifier: { kind: number }, max_new_tokens: ${maxNewTokens} }
actions: { sft: {} }
`;
  return parseRunConfig(text, "costs.yaml").tasks;
}

describe("costedItems", () => {
  it.each([
    [8, 200],
    [12, 200],
    [96, 1600],
  ])("counts 200 items of up to %i tokens as %i of the tiny world's", (maxNewTokens, counted) => {
    expect(costedItems(tasksWith(maxNewTokens), [{ task: "words", items: 200 }])).toBe(counted);
  });

  it("leaves a model of 135 M parameters the time for long answers before any job was seen", () => {
    const work = 135e6 * costedItems(tasksWith(256), [{ task: "words", items: 200 }]);
    const limit = timeLimitSeconds(new CostModel().estimate({ actionType: "evaluate", work, usdPerDeviceHour: 0, devices: 1 }));
    // One core writes 65 tokens a second with such a model, and a busy machine takes 2.7 times as long.
    expect(limit).toBeGreaterThan(((200 * 256) / 65) * 2.7);
  });
});
