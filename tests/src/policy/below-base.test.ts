import { describe, expect, it } from "vitest";
import { describeBelowBase, isBelowBase, parentsBelowBase } from "#src/policy/below-base.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import type { TaskScores } from "#src/policy/policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function view(scores: Record<string, TaskScores>, noiseFloor: number | null = 0.05) {
  const [base] = new SimulatedRun(1).models;
  if (base === undefined) throw new Error("a simulated run has a base");
  const model = (id: string, own: string | null) => ({ ...base, id, base: own });
  const models = [model("m0", "m0"), model("m1", "m0"), model("mixed", null)];
  return {
    modelsById: new Map(models.map((each) => [each.id, each])),
    scores: new Map(Object.entries(scores)),
    weights: { math: 0.5, trivia: 0.5 },
    noiseFloor,
  };
}

const base = { math: 0.4, trivia: 0.6 };

describe("a model below its base", () => {
  it.each([
    ["has lost more than the noise", { math: 0.3, trivia: 0.5 }, 0.05, true],
    ["is not one that lost less than the noise", { math: 0.36, trivia: 0.56 }, 0.05, false],
    ["is not one that gained as much elsewhere", { math: 0.1, trivia: 0.9 }, 0.05, false],
    ["goes by an assumed noise until it was measured", { math: 0.36, trivia: 0.56 }, null, true],
  ])("%s", (_, m1, noise, isBelow) => {
    const seen = view({ m0: base, m1 }, noise);
    expect(parentsBelowBase({ models: ["m0", "m1"] }, seen)).toEqual(isBelow ? ["m1"] : []);
  });

  it("is none of mixed bases, and none without scores", () => {
    const seen = view({ m0: base, mixed: { math: 0, trivia: 0 } });
    expect(parentsBelowBase({ models: ["mixed", "m1", "gone"] }, seen)).toEqual([]);
  });

  it("is described with both scores", () => {
    expect(describeBelowBase(["m1"], view({ m0: base, m1: { math: 0.3, trivia: 0.5 } }))).toBe("m1 (.400) is below its base m0 (.500)");
  });
});

describe("policies and models below their base", () => {
  it.each(["random", "greedy"] as const)("%s builds on none while there are others", async (name) => {
    const run = new SimulatedRun(5);
    const proposals = await run.run(createPolicy(name, run.config), 40);
    expect(run.models.filter((model) => isBelowBase(model, run)).length).toBeGreaterThan(1);
    expect(proposals.filter(({ action }) => parentsBelowBase(action, run).length > 0)).toEqual([]);
  });

  it("random says so where every draw builds on one", async () => {
    const run = new SimulatedRun(5);
    const policy = createPolicy("random", run.config);
    await run.run(policy, 12);
    // Weights that people give later can leave nothing but the base above itself.
    for (const model of run.models) if (model.depth > 0) run.scores.set(model.id, { math: 0, trivia: 0, common: 0 });
    run.direct({ kind: "ban", object: "m0" });
    const proposal = await policy.propose(run, run.rng());
    expect(proposal?.reason).toMatch(/m\d+ \(\.000\) is below its base m0 \(\.\d+\).*, as in each of 40 draws\./);
  });

  it("lookahead says what it hopes for where it builds on one", async () => {
    const reasons: string[] = [];
    for (const seed of [1, 2]) {
      const run = new SimulatedRun(seed);
      for (const { action, reason } of await run.run(createPolicy("lookahead", run.config), 18))
        if (parentsBelowBase(action, run).length > 0) reasons.push(reason);
    }
    for (const reason of reasons) expect(reason).toMatch(/is below its base m0 \(.*\), but with what may follow \.\d+ is in reach\./);
  });
});
