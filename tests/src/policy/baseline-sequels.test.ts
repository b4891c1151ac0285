import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { actionKey } from "#src/action/key.ts";
import { baselineSequels } from "#src/policy/baseline-sequels.ts";
import { type Baseline, baselineActions, noiseRepeats, tiesGridActions } from "#src/policy/baselines.ts";
import { landscapeConfig, SimulatedRun } from "#tests/fixtures/simulated-run.ts";

/** A run whose first baselines were made, with scores of one's choice. */
function open(config = landscapeConfig()) {
  const run = new SimulatedRun(1, config);
  const datasets = new Map(run.datasets.map((dataset) => [dataset.id, dataset]));
  const keyOf = ({ action }: Baseline, models: ReadonlyMap<string, { key: string }>) => actionKey(action, { models, datasets });
  const bases = new Map(run.models.map((model) => [model.id, model]));
  const first = baselineActions(config, run.datasets, run.models).map((baseline) => ({ ...baseline, key: keyOf(baseline, bases) }));
  const made = first.map(({ label, action, key }) => {
    const trial = run.finish(run.start(action), null, "baseline");
    const model = run.models.find((candidate) => candidate.id === trial.model);
    if (model === undefined) throw new Error(`${label} was not made`);
    return { label, action, model: { ...model, key } };
  });
  const models = new Map([...run.models, ...made.map(({ model }) => model)].map((model) => [model.id, model]));
  const byKey = new Map([...models, ...first.map(({ key }) => [key, { key }] as const)]);
  const possible = (given: typeof first) => new Set(baselineSequels(config, given).possible.map((sequel) => keyOf(sequel, byKey)));
  return { config, first, made, possible, keyOf: (baseline: Baseline) => keyOf(baseline, models) };
}

const count = (baselines: readonly Baseline[], label: string) => baselines.filter((each) => each.label === label).length;

describe("baselineSequels", () => {
  const { config, first, made, possible, keyOf } = open();
  const sequels = (scores: readonly number[]) => {
    const scored = made.map((each, index) => ({ ...each, aggregate: scores[index] ?? 0 }));
    const singles = scored.filter(({ label }) => label === "single");
    return [...tiesGridActions(config, singles), ...noiseRepeats(config, scored)];
  };

  it("holds the TIES grid and the repeats that follow, whatever the scores are", () => {
    const known = possible(first);
    const scores = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: made.length, maxLength: made.length });
    fc.assert(fc.property(scores, (drawn) => sequels(drawn).every((sequel) => known.has(keyOf(sequel)))));
  });

  it("expects as many of each kind as will follow", () => {
    const { expected } = baselineSequels(config, first);
    const following = sequels([]);
    expect(following.length).toBeGreaterThan(4);
    for (const label of ["ties_grid", "noise"]) expect(count(expected, label)).toBe(count(following, label));
  });

  it("does not hold the merge of those that are left when a single fails", () => {
    const scored = made.map((each) => ({ ...each, aggregate: 0.5 }));
    const left = scored.filter(({ label }) => label === "single").slice(1);
    const known = possible(first);
    const merges = tiesGridActions(config, left).filter(({ action }) => action.models.length === left.length);
    expect(merges.map((merge) => known.has(keyOf(merge)))).toEqual([false, false]);
  });

  it("leaves merges out that are too many to be asked about beforehand, and what the config leaves out", () => {
    const [one] = first;
    if (one === undefined) throw new Error("there is no baseline");
    const many = Array.from({ length: 40 }, (_, index) => ({ ...one, key: `key ${index}` }));
    expect(baselineSequels(config, many).possible.every(({ label }) => label === "noise")).toBe(true);
    expect(baselineSequels(landscapeConfig({ baselines: false }), first)).toEqual({ possible: [], expected: [] });
  });
});
