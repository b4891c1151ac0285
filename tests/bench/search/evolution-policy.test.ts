import { describe, expect, it } from "vitest";
import { EvolutionPolicy } from "#bench/search/arms/evolution-policy.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { Policy } from "#src/policy/policy.ts";
import { policyConformance } from "#tests/conformance/policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

policyConformance("evolution", (config) => new EvolutionPolicy(config));

async function meanBest(create: (run: SimulatedRun) => Policy): Promise<number> {
  let sum = 0;
  for (const seed of [1, 2, 3, 4]) {
    const run = new SimulatedRun(seed);
    await run.run(create(run), 40);
    sum += run.best / 4;
  }
  return sum;
}

describe("tournament evolution", () => {
  it("finds better models than chance does", async () => {
    const evolution = await meanBest((run) => new EvolutionPolicy(run.config));
    const random = await meanBest((run) => createPolicy("random", run.config));
    expect(evolution - random).toBeGreaterThan(0.01);
  });
});
