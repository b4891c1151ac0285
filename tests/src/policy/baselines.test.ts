import { describe, expect, it } from "vitest";
import type { RunConfig } from "#src/config/run-config.ts";
import { weigh } from "#src/memory/experience.ts";
import { type Baseline, baselineActions, type MadeBaseline, noiseRepeats, tiesGridActions } from "#src/policy/baselines.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

function make(run: SimulatedRun, baselines: readonly Baseline[]): MadeBaseline[] {
  return baselines.map(({ action }) => {
    const trial = run.finish(run.start(action), null, "baseline");
    const model = run.models.find((candidate) => candidate.id === trial.model)!;
    return { model, action, aggregate: weigh(trial.scores!, run.weights) };
  });
}

function first(config: RunConfig): Baseline[] {
  const run = new SimulatedRun(1, config);
  return baselineActions(config, run.datasets, run.models);
}

describe("baselineActions", () => {
  it("has one full SFT on each SFT dataset, SFT on all, and SFT on all with four times the steps", () => {
    const made = first(landscapeConfig());
    const singles = made.filter(({ label }) => label === "single");
    expect(singles.map(({ action }) => action.datasets)).toEqual([
      ["math"],
      ["math_noisy"],
      ["math_words"],
      ["trivia"],
      ["trivia_noisy"],
      ["common"],
      ["common_name"],
    ]);
    expect(made.slice(7).map(({ label, action }) => [label, action.datasets.length, action.setting["max_steps"]])).toEqual([
      ["sft_all", 7, 80],
      ["sft_all_compute", 7, 320],
    ]);
    expect(made.every(({ action }) => action.models[0] === "m0" && action.seed === 0)).toBe(true);
    expect(singles.every(({ action }) => action.setting["max_steps"] === 80)).toBe(true);
  });

  it("counts in epochs where the run does", () => {
    const made = first(landscapeConfig({ actions: { sft: { num_train_epochs: [1, 2] } } }));
    expect(made.map(({ action }) => action.setting["num_train_epochs"])).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 8]);
  });

  it("leaves out what the config leaves out", () => {
    expect(first(landscapeConfig({ baselines: false }))).toEqual([]);
    expect(first(landscapeConfig({ actions: { dpo: { max_steps: 40 } } }))).toEqual([]);
    const few = first(landscapeConfig({ baselines: { singles: false, sft_all_compute: null } }));
    expect(few.map(({ label }) => label)).toEqual(["sft_all"]);
  });

  it("is valid in the run's space, apart from mixtures and longer trainings, which only baselines have", () => {
    const run = new SimulatedRun(2);
    const singles = baselineActions(run.config, run.datasets, run.models).filter(({ label }) => label === "single");
    expect(singles.map(({ action }) => run.space.check(action))).toEqual(singles.map(() => ({ valid: true })));
  });
});

describe("tiesGridActions", () => {
  it("merges all singles and the best three at each density of the run", () => {
    const run = new SimulatedRun(3);
    const singles = make(run, baselineActions(run.config, run.datasets, run.models).slice(0, 7));
    const grid = tiesGridActions(run.config, singles);
    expect(grid.map(({ action }) => [action.models.length, action.setting["density"]])).toEqual([
      [7, 0.5],
      [7, 0.8],
      [3, 0.5],
      [3, 0.8],
    ]);
    const best = singles
      .toSorted((a, b) => b.aggregate - a.aggregate)
      .slice(0, 3)
      .map(({ model }) => model.id);
    expect(grid[2]?.action.models.toSorted()).toEqual(best.toSorted());
  });

  it("needs two models of one base", () => {
    const run = new SimulatedRun(4);
    const singles = make(run, baselineActions(run.config, run.datasets, run.models).slice(0, 2));
    expect(tiesGridActions(run.config, singles.slice(0, 1))).toEqual([]);
    const [one, other] = singles;
    expect(tiesGridActions(run.config, [one!, { ...other!, model: { ...other!.model, base: "m9" } }])).toEqual([]);
    expect(tiesGridActions(run.config, singles)).toHaveLength(2);
    expect(tiesGridActions(landscapeConfig({ baselines: { ties_grid: false } }), singles)).toEqual([]);
  });
});

describe("noiseRepeats", () => {
  it("trains the best single again with other seeds", () => {
    const run = new SimulatedRun(5);
    const made = make(run, baselineActions(run.config, run.datasets, run.models));
    const best = made.filter(({ action }) => action.datasets.length === 1).toSorted((a, b) => b.aggregate - a.aggregate)[0];
    const repeats = noiseRepeats(run.config, made);
    expect(repeats.map(({ action }) => action.seed)).toEqual([1, 2, 3]);
    expect(repeats.every(({ action }) => JSON.stringify({ ...action, seed: 0 }) === JSON.stringify(best?.action))).toBe(true);
  });

  it("repeats SFT on all where there are no singles, and nothing where nothing was trained", () => {
    const config = landscapeConfig({ baselines: { singles: false, noise_repeats: 2 } });
    const run = new SimulatedRun(6, config);
    const made = make(run, baselineActions(config, run.datasets, run.models));
    expect(noiseRepeats(config, made).map(({ action }) => action.datasets.length)).toEqual([7, 7]);
    expect(noiseRepeats(config, [])).toEqual([]);
  });
});
