import { describe, expect, it } from "vitest";
import type { Action } from "#src/action/action.ts";
import { beliefsOf, posteriorsOf } from "#src/policy/lookahead/posteriors.ts";
import { predictChange } from "#src/policy/lookahead/beliefs.ts";
import { createPolicy } from "#src/policy/create-policy.ts";
import { createRng } from "#src/policy/rng.ts";
import { EffectModel } from "#src/policy/lookahead/effect-model.ts";
import { mergedScores, mergeSteps } from "#src/policy/lookahead/merge-steps.ts";
import { weigh } from "#src/memory/experience.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

async function someRun() {
  const run = new SimulatedRun(4);
  const model = new EffectModel(run);
  await run.run(createPolicy("random", run.config), 30);
  for (const trial of run.trials) model.observe(trial, run);
  const beliefs = beliefsOf(posteriorsOf(model), { rng: createRng(3), width: 0.5 });
  const aggregate = (id: string) => weigh(run.scores.get(id) ?? {}, run.weights);
  return { run, model, beliefs, aggregate };
}

describe("merges that a rollout may go on with", () => {
  it("are predicted like the same merge as a candidate", async () => {
    const { run, model, beliefs, aggregate } = await someRun();
    const steps = mergeSteps({ view: run, model, beliefs, aggregate });
    const [one] = run.models.filter(({ id }) => id !== "m0");
    const own = model.state(one?.id ?? "", run);
    let compared = 0;
    for (const step of steps) {
      const mate = run.models.find(({ id }) => id !== one?.id && model.state(id, run).scores === step.mate?.scores);
      if (mate === undefined || step.mate === null) continue;
      const [setting] = run.space.settings(step.type);
      const models = [one?.id ?? "", mate.id];
      const action: Action = { type: step.type, models, datasets: [], setting: setting ?? {}, seed: 0, fidelity: run.plan.fidelity };
      const start = model.startScores(action, run);
      const expected = model.observations(action, run).map((seen, t) => (start[t] ?? 0) + predictChange(beliefs.merging[t], seen));
      const got = mergedScores(step, own.scores, step.mate.scores, new Float64Array(run.tasks.length));
      expect([...got]).toEqual(expected.map((score) => expect.closeTo(Math.min(1, Math.max(0, score)), 8)));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(2);
  });

  it("take a base only where a merge takes one", async () => {
    const { run, model, beliefs } = await someRun();
    const steps = mergeSteps({ view: run, model, beliefs, aggregate: (id) => (id === "m0" ? 1 : 0) });
    const withBase = steps.filter(({ mate }) => mate?.scores === model.state("m0", run).scores);
    expect(withBase.map(({ type }) => type)).toEqual(["merge_linear"]);
    expect(steps.filter(({ takesBases }) => !takesBases).every(({ type }) => type === "merge_ties")).toBe(true);
  });

  it("leave out banned types and models", async () => {
    const { run, model, beliefs, aggregate } = await someRun();
    const all = mergeSteps({ view: run, model, beliefs, aggregate });
    const [best] = run.models.toSorted((a, b) => aggregate(b.id) - aggregate(a.id));
    const isBest = ({ mate }: (typeof all)[number]) => mate?.scores === model.state(best?.id ?? "", run).scores;
    expect(all.some(isBest)).toBe(true);
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(["merge_linear", "merge_ties"]));
    run.direct({ kind: "ban", object: best?.id ?? "" });
    run.direct({ kind: "ban", actionType: "merge_ties" });
    const left = mergeSteps({ view: run, model, beliefs, aggregate });
    expect(left.some(isBest)).toBe(false);
    expect(new Set(left.map(({ type }) => type))).toEqual(new Set(["merge_linear"]));
  });
});
