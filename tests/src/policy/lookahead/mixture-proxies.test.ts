import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { EffectModel } from "#src/policy/lookahead/effect-model.ts";
import { MixtureProxies } from "#src/policy/lookahead/mixture-proxies.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function actionOf(changes: Partial<Action>): Action {
  return { type: "sft", models: ["m0"], datasets: [], setting: { max_steps: 80 }, seed: 0, fidelity: fullFidelity, ...changes };
}

function mergeOf(...models: string[]): Action {
  return actionOf({ type: "merge_linear", models, setting: { weights: "equal" } });
}

describe("MixtureProxies", () => {
  const proxies = new MixtureProxies();
  proxies.note(actionOf({ datasets: ["math"] }), "m1");
  proxies.note(actionOf({ datasets: ["trivia"] }), "m2");
  proxies.note(actionOf({ datasets: ["math"], setting: { max_steps: 20 } }), "m3");
  proxies.note(actionOf({ datasets: ["common"], models: ["m1"] }), "m4");
  proxies.note(actionOf({ datasets: ["common"], fidelity: { data: 1, steps: 0.25 } }), "m5");

  it("takes a merge of siblings for the mixture of what they were trained on", () => {
    expect(proxies.standIn(mergeOf("m2", "m1"))).toMatchObject({
      type: "sft",
      models: ["m0"],
      datasets: ["math", "trivia"],
      setting: { max_steps: 80 },
    });
  });

  it.each([
    ["a model with itself in another length", mergeOf("m1", "m3")],
    ["trainings of other lengths", mergeOf("m2", "m3")],
    ["trainings of other parents", mergeOf("m2", "m4")],
    ["a training below full fidelity", mergeOf("m1", "m5")],
    ["a base", mergeOf("m0", "m1")],
  ])("takes no merge of %s for one", (_, merge) => {
    expect(proxies.standIn(merge)).toBeNull();
  });

  it("keeps the mean surplus of such merges, and cites them", () => {
    const mixture = actionOf({ datasets: ["trivia", "math"] });
    expect(proxies.surplus(mixture)).toBeNull();
    expect(proxies.describe(mixture)).toBeNull();
    proxies.add(mixture, Float64Array.of(0.1, -0.2), 8);
    proxies.add({ ...mixture, datasets: ["math", "trivia"] }, Float64Array.of(0.3, 0), 11);
    expect([...(proxies.surplus(mixture) ?? [])]).toEqual([0.2, -0.1]);
    expect(proxies.describe(mixture)).toBe(
      "Merges of models trained on each of them alone stood in for the mixture beforehand (trials 8 and 11).",
    );
    expect(proxies.describe(mergeOf("m1", "m2"))).toBeNull();
  });
});

describe("EffectModel with merges that stand in for mixtures", () => {
  it("moves the prediction of the untrained mixture towards what the merge scored", () => {
    const run = new SimulatedRun(3);
    const model = new EffectModel(run);
    const make = (action: Action) => {
      const trial = run.finish(run.start(action));
      model.observe(trial, run);
      return trial;
    };
    const [setting = {}] = run.space.settings("sft");
    const singles = ["math", "trivia"].map((dataset) => make(actionOf({ datasets: [dataset], setting })).model ?? "");
    const mixture = actionOf({ datasets: ["math", "trivia"], setting });
    const before = model.startScores(mixture, run);
    const merged = make(mergeOf(...singles)).scores ?? {};
    const after = model.startScores(mixture, run);
    for (const [t, task] of run.tasks.entries()) {
      const goal = merged[task] ?? 0;
      expect(Math.abs((after[t] ?? 0) - goal)).toBeLessThan(Math.abs((before[t] ?? 0) - goal) + 1e-9);
    }
    expect(after).not.toEqual(before);
  });
});
