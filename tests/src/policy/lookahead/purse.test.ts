import { describe, expect, it } from "vitest";
import { Purse } from "#src/policy/lookahead/purse.ts";

const full = 80;

function purse(trialsLeft: number, steps: { left: number; done: number } | null): Purse {
  return new Purse({ budget: { trialsLeft, trialsDone: 0, steps } }, full);
}

/** How much better a quarter of a training looks than a whole one of the same gain, with so many of 800 steps left. */
function advantage(left: number): number {
  const scarce = purse(40, { left, done: 800 - left });
  return scarce.worth(0.1, 1, 20) / scarce.worth(0.1, 1, 80);
}

describe("Purse", () => {
  it.each([
    ["the trials alone are capped", purse(40, null)],
    ["the trials run out before the steps", purse(5, { left: 400, done: 0 })],
  ])("takes a gain for what it is when %s", (_, rich) => {
    expect(rich.isScarce).toBe(false);
    expect(rich.worth(0.1, 3, 240)).toBe(0.1);
    expect(rich.affords(10_000)).toBe(true);
    expect(rich.describe(80)).toBeNull();
  });

  it("prefers the same gain for fewer steps when steps are scarce, and the smaller loss", () => {
    const scarce = purse(40, { left: 800, done: 0 });
    expect(scarce.worth(0.1, 1, 20)).toBeGreaterThan(scarce.worth(0.1, 1, 80));
    expect(scarce.worth(-0.1, 1, 20)).toBeGreaterThan(scarce.worth(-0.1, 1, 80));
    expect(scarce.worth(0.1, 1, full)).toBeCloseTo(0.1);
  });

  it("prices what takes no steps by the trial that it takes", () => {
    const scarce = purse(40, { left: 800, done: 0 });
    expect(scarce.worth(0.1, 1, 0)).toBeCloseTo(0.1 / ((1 / 40) * (800 / full)));
    expect(scarce.worth(0.1, 1, 0)).toBe(scarce.worth(0.1, 1, 10));
  });

  it("lets quality count more the less is left", () => {
    expect(advantage(800)).toBeGreaterThan(advantage(400));
    expect(advantage(400)).toBeGreaterThan(advantage(100));
    expect(advantage(100)).toBeGreaterThan(1);
  });

  it("counts on as many further trainings as the steps afford", () => {
    expect(purse(40, null).trialsAfter).toBe(39);
    expect(purse(40, { left: 160, done: 0 }).trialsAfter).toBe(1);
    expect(purse(40, { left: 60, done: 0 }).trialsAfter).toBe(0);
    expect(purse(40, { left: 60, done: 0 }).affords(80)).toBe(false);
  });

  it("says what a trial takes of what is left", () => {
    expect(purse(40, { left: 340, done: 0 }).describe(20)).toBe(
      "It takes 20 of the 340 steps left; they run out before the trials, so gain per cost decided.",
    );
  });
});
