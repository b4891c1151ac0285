import { describe, expect, it } from "vitest";
import { OverrideQuota } from "#graphs/agents/selector/override-quota.ts";

/** Decisions of the first 40 in which a model departs that does so whenever it may. */
function departures(payoff: number): number {
  const quota = new OverrideQuota();
  let count = 0;
  for (let decision = 1; decision <= 40; decision++) {
    if (!quota.isOpen(decision)) continue;
    quota.depart(decision);
    quota.learn(payoff);
    count += 1;
  }
  return count;
}

describe("the share of decisions in which a model may depart from the optimiser", () => {
  it("is 30 % while departures neither pay nor cost", () => {
    expect(departures(0)).toBe(12);
  });

  it("shrinks to next to nothing when departures cost", () => {
    expect(departures(-0.1)).toBeLessThanOrEqual(3);
  });

  it("grows to half when they pay", () => {
    expect(departures(0.1)).toBeGreaterThanOrEqual(18);
    expect(departures(0.1)).toBeLessThanOrEqual(20);
  });

  it("answers the same when a decision is asked for again", () => {
    const quota = new OverrideQuota();
    expect(quota.isOpen(4)).toBe(true);
    quota.depart(4);
    expect(quota.isOpen(4)).toBe(true);
    expect(quota.isOpen(5)).toBe(false);
  });
});
