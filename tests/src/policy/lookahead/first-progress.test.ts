import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { EffectModel } from "#src/policy/lookahead/effect-model.ts";
import { firstProgress } from "#src/policy/lookahead/first-progress.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** A run in which SFT on `math` made m1, and no model is above the base on the last task. */
function standingStill() {
  const run = new SimulatedRun(5);
  const model = new EffectModel(run);
  const [setting] = run.space.settings("sft");
  const trial = run.finish(
    run.start({ type: "sft", models: ["m0"], datasets: ["math"], setting: setting ?? {}, seed: 0, fidelity: fullFidelity }),
  );
  model.observe(trial, run);
  for (const [id, score] of [
    ["m0", 0.4],
    ["m1", 0.6],
  ] as const)
    run.scores.set(id, Object.fromEntries(run.tasks.map((task, t) => [task, t === run.tasks.length - 1 ? 0.01 : score])));
  const [base, leader] = run.models;
  if (base === undefined || leader === undefined) throw new Error("the run has two models");
  const isAllowed = (action: Action) => run.space.check(action).valid;
  return { run, model, base, leader, isAllowed, stuck: run.tasks.at(-1) ?? "" };
}

describe("where a task stands still after the single SFTs", () => {
  it("trains in full on every preference set, on the base and then on the model in front, and says why", () => {
    const { run, stuck, ...input } = standingStill();
    const made: string[] = [];
    for (;;) {
      const step = firstProgress({ view: run, ...input });
      if (step === null) break;
      expect(step.reason).toContain(`no model has raised ${stuck} much above m0's .010`);
      expect(step.evidence).toEqual([1]);
      made.push(`${step.action.type} of ${step.action.models.join()} on ${step.action.datasets.join()}`);
      run.space.claim(step.action);
    }
    const sets = run.datasets.filter(({ format }) => format === "preference").map(({ id }) => id);
    expect(sets.length).toBeGreaterThan(0);
    expect(made).toEqual(["m0", "m1"].flatMap((id) => sets.map((set) => `dpo of ${id} on ${set}`)));
  });

  it.each([
    ["has moved", { m0: 0.01, m1: 0.2 }],
    ["has no room", { m0: 0.95, m1: 0.95 }],
    ["has moved by a tenth of its room", { m0: 0.5, m1: 0.56 }],
  ])("leaves the search alone where the task %s", (_, scores) => {
    const { run, stuck, ...input } = standingStill();
    for (const [id, score] of Object.entries(scores)) run.scores.set(id, { ...run.scores.get(id), [stuck]: score });
    expect(firstProgress({ view: run, ...input })).toBeNull();
  });
});
