import { describe, expect, it } from "vitest";
import { likelyCause } from "#src/score/likely-cause.ts";

const usual = {
  setting: { learning_rate: 1e-4, warmup_steps: 10 },
  steps: 80,
  weightChange: 0.01,
  lossFirst: 2,
  lossLast: 1,
  constantTasks: [],
};

describe("likelyCause", () => {
  it.each([
    ["no step", { ...usual, steps: 0 }, "No optimiser step"],
    ["a learning rate of 0", { ...usual, setting: { learning_rate: 0 } }, "learning_rate is 0"],
    ["a tiny learning rate", { ...usual, setting: { learning_rate: 1e-12 } }, "too small"],
    ["warm-up alone", { ...usual, steps: 10 }, "warm-up"],
    ["a loss that is no number", { ...usual, lossLast: Number.NaN }, "lower learning_rate"],
    ["no token that counts", { ...usual, lossFirst: 0, lossLast: 0 }, "cut the answers off"],
    ["weights that stayed", { ...usual, weightChange: 0 }, "frozen"],
    ["a loss that rose", { ...usual, lossLast: 3 }, "too high"],
    ["few steps", { ...usual, setting: {}, steps: 3 }, "3 steps are few"],
    ["a metric that tells no model from another", { ...usual, constantTasks: ["math"] }, "Task math gave every model the same score"],
  ])("names %s", (_, signs, cause) => expect(likelyCause(signs)).toContain(cause));

  it("guesses nothing where nothing points anywhere", () => expect(likelyCause(usual)).toBeNull());
});
