import { describe, expect, it } from "vitest";
import { type Action, fullFidelity } from "#src/action/action.ts";
import { EffectModel } from "#src/policy/lookahead/effect-model.ts";
import { shortness } from "#src/policy/lookahead/training-features.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function make(run: SimulatedRun, model: EffectModel, changes: Partial<Action>): string {
  const [setting] = run.space.settings(changes.type ?? "sft");
  const action: Action = {
    type: "sft",
    models: ["m0"],
    datasets: ["math"],
    setting: setting ?? {},
    seed: 0,
    fidelity: fullFidelity,
    ...changes,
  };
  const trial = run.finish(run.start(action));
  model.observe(trial, run);
  return trial.model ?? "";
}

function exposure(run: SimulatedRun, model: EffectModel, id: string): Record<string, number> {
  const entries = model.layout.groups.map(({ type, dataset }, g): [string, number] => [
    `${type} ${dataset.id}`,
    model.state(id, run).exposure[g] ?? 0,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value > 0));
}

describe("EffectModel", () => {
  it("counts exposure along the lineage: full 1, a quarter .25, a merge the weighted mean of its parents", () => {
    const run = new SimulatedRun(1);
    const model = new EffectModel(run);
    const [full, short] = run.space.settings("sft");
    const long = make(run, model, { setting: full ?? {} });
    const both = make(run, model, { models: [long], datasets: ["trivia"], setting: short ?? {} });
    const preferred = make(run, model, {
      type: "dpo",
      models: [both],
      datasets: ["pref_math"],
      setting: run.space.settings("dpo")[0] ?? {},
    });
    expect(exposure(run, model, both)).toEqual({ "sft math": 1, "sft trivia": 0.25 });
    expect(exposure(run, model, preferred)).toEqual({ "sft math": 1, "sft trivia": 0.25, "dpo pref_math": 1 });
    const merged = make(run, model, {
      type: "merge_ties",
      models: [long, preferred],
      datasets: [],
      setting: run.space.settings("merge_ties")[0] ?? {},
    });
    expect(exposure(run, model, merged)).toEqual({ "sft math": 1, "sft trivia": 0.125, "dpo pref_math": 0.5 });
  });

  it("spreads a training on several datasets over them, and blames none of them alone for what came of it", () => {
    const run = new SimulatedRun(2);
    const model = new EffectModel(run);
    const all = make(run, model, { datasets: ["math", "common"] });
    expect(exposure(run, model, all)).toEqual({ "sft math": 0.5, "sft common": 0.5 });
    expect(model.regressions.training[0]?.posterior().mean.pooled.every((weight) => weight === 0)).toBe(true);
  });

  it("counts a mixture's datasets by its temperature", () => {
    const run = new SimulatedRun(2, landscapeConfig({ actions: { sft: { max_steps: [80, 20], mixture_temperature: [1, 2] } } }));
    const model = new EffectModel(run);
    const rows = (id: string) => Math.sqrt(run.datasets.find((dataset) => dataset.id === id)?.rows ?? 0);
    const total = rows("math") + rows("math_noisy");
    const setting = run.space.settings("sft").find((each) => each["mixture_temperature"] === 2 && each["max_steps"] === 80);
    const mixed = make(run, model, { datasets: ["math", "math_noisy"], setting: setting ?? {} });
    expect(exposure(run, model, mixed)).toEqual({
      "sft math": expect.closeTo(rows("math") / total),
      "sft math_noisy": expect.closeTo(rows("math_noisy") / total),
    });
  });

  it("expects of a mixture what its datasets did alone, and learns from it what they do together", () => {
    const run = new SimulatedRun(4);
    const model = new EffectModel(run);
    for (const dataset of ["math", "common"]) make(run, model, { datasets: [dataset] });
    const together: Action = { ...run.trials[0]!.action, datasets: ["math", "common"] };
    const before = model.state("m0", run).scores;
    const math = run.tasks.indexOf("math");
    const alone = ["m1", "m2"].map((id) => model.state(id, run).scores[math] ?? 0);
    const expected = model.startScores(together, run)[math] ?? 0;
    expect(expected).toBeGreaterThan(Math.min(...alone));
    expect(expected).toBeLessThan(Math.max(...alone) + 0.05);
    expect(model.mixture(together)).toBeNull();
    make(run, model, { datasets: ["common", "math"] });
    expect(model.mixtures.map(({ datasets }) => datasets)).toEqual([["common", "math"]]);
    const place = model.mixture(together) ?? -1;
    const surprise = (model.state("m3", run).scores[math] ?? 0) - expected;
    const learnt = model.regressions.mixing[math]?.posterior().mean.groups[place]?.[0] ?? 0;
    expect(Math.sign(learnt)).toBe(Math.sign(surprise));
    expect(before).toEqual(model.state("m0", run).scores);
  });

  it("learns what a dataset does from one trial, and that it is a probe", () => {
    const run = new SimulatedRun(3);
    const model = new EffectModel(run);
    make(run, model, { datasets: ["common_name"] });
    const action: Action = { ...run.trials[0]!.action, models: ["m1"] };
    const common = run.tasks.indexOf("common");
    const weights = model.regressions.training[common]?.posterior().mean;
    const group = model.layout.group("sft", "common_name") ?? -1;
    expect(weights?.groups[group]?.[0]).toBeLessThan(-0.05);
    expect([...model.probed.keys()]).toEqual(["common_name"]);
    expect(model.probe(action, run)).toBeNull();
  });

  it("reads settings that vary as further features, ranges on their scale", () => {
    const config = landscapeConfig({
      actions: {
        sft: { max_steps: [100, 40, 10], learning_rate: { min: 1e-5, max: 1e-3, scale: "log" }, lr_scheduler_type: ["cosine", "linear"] },
      },
    });
    const run = new SimulatedRun(4, config);
    const { layout } = new EffectModel(run);
    const setting = run.space.settings("sft")[0] ?? {};
    const read = (changes: object) => layout.kind(0, { ...setting, ...changes }, 1).extras;
    expect(layout.scale("sft")?.features.map((feature) => feature.name)).toEqual(
      expect.arrayContaining(["learning_rate", 'lr_scheduler_type = "linear"']),
    );
    expect(read({ learning_rate: 1e-5 }).some((entry) => Math.abs(entry + 1) < 1e-9)).toBe(true);
    expect(read({ learning_rate: 1e-4, lr_scheduler_type: "cosine" }).map((entry) => Math.abs(Math.round(entry * 1e9)))).toEqual([0, 0]);
    expect(read({ lr_scheduler_type: "linear", learning_rate: 1e-3 }).map((entry) => entry.toFixed(6))).toEqual(["1.000000", "1.000000"]);
    expect(layout.relativeSteps("sft", { ...setting, max_steps: 40 }, [run.datasets[0]!], 1)).toBeCloseTo(0.4);
  });

  it("counts epochs as steps where no number of steps is given", () => {
    const run = new SimulatedRun(5, landscapeConfig({ actions: { sft: { num_train_epochs: [1, 4] } } }));
    const { layout } = new EffectModel(run);
    const [one, four] = run.space.settings("sft");
    expect(layout.relativeSteps("sft", one ?? {}, [run.datasets[0]!], 1)).toBeCloseTo(0.25);
    expect(layout.relativeSteps("sft", four ?? {}, [run.datasets[0]!], 0.5)).toBeCloseTo(0.5);
  });

  it.each([
    [1, 0],
    [0.25, 1],
    [0.1, 1],
    [0.625, 0.5],
    [4, 0],
  ])("calls a training of %f of the longest steps %f short", (steps, expected) => {
    expect(shortness(steps)).toBeCloseTo(expected);
  });
});
