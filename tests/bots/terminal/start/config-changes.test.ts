import { describe, expect, it } from "vitest";
import { configChanges, formatChange, mayChange } from "#bots/terminal/start/config-changes.ts";
import { parseRunConfig } from "#src/config/load-run-config.ts";
import { configText } from "../scripted-place.ts";

const config = (parts: Record<string, unknown> = {}) => parseRunConfig(configText(parts), "temper.yaml");

describe("configChanges", () => {
  it("finds nothing between equal configs, however they were written", () => {
    expect(configChanges(config(), config({ seed: 0 }))).toEqual([]);
  });

  it.each([
    [{ budget: { trials: 9 } }, "budget.trials: 4 → 9", true],
    [{ budget: { trials: 4, device_hours: 3 } }, "budget.device_hours: nothing → 3", true],
    [{ approval: { over: { device_hours: 1 } } }, "approval.over.device_hours: nothing → 1", true],
    [{ policy: "random" }, 'policy: "lookahead" → "random"', true],
    [{ seed: 3 }, "seed: 0 → 3", false],
    [{ merge_parents: 2 }, "merge_parents: 3 → 2", false],
    [
      { actions: { sft: { max_steps: [80] }, merge_linear: {}, merge_ties: { density: [0.5, 0.8] } } },
      "actions.sft.max_steps: [80,20] → [80]",
      false,
    ],
    [{ baselines: false }, 'baselines: {"singles":true', false],
  ])("shows %j as %s and knows whether a run may go on with it", (parts, text, may) => {
    const [change, ...others] = configChanges(config(), config(parts));
    expect(others).toEqual([]);
    expect(change === undefined ? "" : formatChange(change)).toContain(text);
    expect(change !== undefined && mayChange(change)).toBe(may);
  });
});
