import { describe, expect, it } from "vitest";
import { GreedyPolicy } from "#src/policy/greedy-policy.ts";
import type { Policy } from "#src/policy/policy.ts";
import { RandomPolicy } from "#src/policy/random-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** Merges among 60 proposals for the same pool, each from the random stream of its decision. */
async function countMerges(policy: Policy, wishes: SimulatedRun["directives"]): Promise<number> {
  const run = new SimulatedRun(21);
  await run.run(policy, 12);
  run.directives = wishes;
  let merges = 0;
  for (let turn = 0; turn < 60; turn++) {
    merges += Number((await policy.propose(run, run.rng()))?.action.type.startsWith("merge_") === true);
    run.decision += 1;
  }
  return merges;
}

const wish = {
  id: 1,
  author: "ana",
  createdAt: "2026-01-01T00:00:00.000Z",
  revokedAt: null,
  text: "fewer",
  body: { kind: "prefer", actionType: "sft" },
} as const;

describe("what people prefer", () => {
  it.each([
    ["random", () => new RandomPolicy()],
    ["greedy", () => new GreedyPolicy(new SimulatedRun(21).config)],
  ])("is what the %s policy tries more often, until it is taken back", async (_, create) => {
    const unsteered = await countMerges(create(), []);
    const steered = await countMerges(create(), [wish]);
    expect(unsteered).toBeGreaterThan(10);
    expect(steered).toBeLessThan(unsteered / 2);
    expect(await countMerges(create(), [{ ...wish, revokedAt: wish.createdAt }])).toBe(unsteered);
  });
});
