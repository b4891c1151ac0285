import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { optunaPython } from "#bench/search/arms/optuna-python.ts";
import { TpePolicy } from "#bench/search/arms/tpe-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

async function actions(seed: number): Promise<string[]> {
  const run = new SimulatedRun(seed);
  const policy = new TpePolicy({ python: await optunaPython(root), root, seed, limits: run.config });
  try {
    const proposals = await run.run(policy, 25);
    return proposals.map(({ action }) => JSON.stringify(action));
  } finally {
    await policy.close();
  }
}

describe("Optuna's TPE as a policy", () => {
  it("proposes only new, valid actions, and the same ones for the same seed", { timeout: 120_000 }, async () => {
    const first = await actions(3);
    expect(new Set(first).size).toBe(25);
    expect(await actions(3)).toEqual(first);
  });

  it("builds on what its pipelines made, and merges it", { timeout: 120_000 }, async () => {
    const all = await actions(4);
    expect(all.some((action) => action.includes('"models":["m1'))).toBe(true);
    expect(all.some((action) => action.includes('"type":"merge_'))).toBe(true);
  });
});
