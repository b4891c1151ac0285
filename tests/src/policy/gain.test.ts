import { describe, expect, it } from "vitest";
import { createPolicy, type PolicyName } from "#src/policy/create-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

const seeds = [1, 2, 3];
const trials = 40;

async function meanBest(name: PolicyName): Promise<number> {
  let sum = 0;
  for (const seed of seeds) {
    const run = new SimulatedRun(seed);
    await run.run(createPolicy(name, run.config), trials);
    sum += run.best;
  }
  return sum / seeds.length;
}

describe("what policies find in 40 trials on the landscape", () => {
  it("lookahead beats greedy, and greedy beats random", { timeout: 300_000 }, async () => {
    const [random, greedy, lookahead] = [await meanBest("random"), await meanBest("greedy"), await meanBest("lookahead")];
    expect(greedy - random).toBeGreaterThan(0.02);
    expect(lookahead - greedy).toBeGreaterThan(0.04);
  });
});
