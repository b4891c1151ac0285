import { describe, expect, it } from "vitest";
import { findUnknownNumbers } from "#graphs/agents/find-unknown-numbers.ts";

const data = `Best is m3 at .704 (trial 14), +.121 over the base. SFT of m0 on math, 80 steps → m1 .583.
sft × trivia −.021 [−.043, +.001]. 25 % of the steps, 600 items.`;

describe("numbers that a language model made up", () => {
  it.each([
    ["as they stand", "m3 has .704 after trial 14, +.121 over the base."],
    ["with fewer digits", "m3 is at .70, m1 at about 0.58."],
    ["as percents", "m3 solves 70 % of it, m1 58.3 %."],
    ["a share as a fraction", "A quarter (0.25) of the steps."],
    ["a loss in words", "SFT on trivia cost .021."],
    ["settings and small counts", "80 steps helped in 3 of 5 trials on 600 items."],
  ])("lets pass what the data say, %s", (_, text) => {
    expect(findUnknownNumbers(text, data)).toEqual([]);
  });

  it.each([
    ["m3 reached .950.", [".950"]],
    ["m3 reached 95 % and .704, then 95 % again.", ["95 %"]],
    ["SFT on trivia gave +.021.", ["+.021"]],
    ["It trained 400 steps to .71.", ["400", ".71"]],
  ])("finds them in %j", (text, unknown) => {
    expect(findUnknownNumbers(text, data)).toEqual(unknown);
  });
});
