import { type Action, fullFidelity, isPreference } from "#src/action/action.ts";
import { actionTypes } from "#src/action/action-types.ts";
import { canonicalAction } from "#src/action/canonical-action.ts";
import { ChoiceSpace } from "#src/action/choice-space.ts";
import { weigh } from "#src/memory/experience.ts";
import type { PipelineStep } from "#src/paper/pipelines.ts";
import type { Read, Row } from "#src/paper/results.ts";
import { baselineActions, tiesGridActions } from "#src/policy/baselines.ts";
import { takesDataset } from "#src/policy/training-groups.ts";
import { childModel } from "#src/pool/child-model.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { taskWeights } from "#src/score/aggregate.ts";
import { readingAt, type RunRecord } from "#src/search/run-record.ts";
import type { LabWorld } from "#tools/lab/lab-world.ts";

/** A pipeline made again: its model with the pool that it stands in, or why there is none. */
type Played =
  | { kind: "made"; model: PoolModel; models: Map<string, PoolModel>; search: Record<string, number>; steps: number }
  | { kind: "failed"; reason: string };

/** Makes a pipeline in a world, step after step; what is known by key is not made again. The base is `m0`. */
export async function play(world: LabWorld, pipeline: readonly PipelineStep[]): Promise<Played> {
  const models = new Map<string, PoolModel>([[world.base.id, world.base]]);
  let last: Played = { kind: "made", model: world.base, models, search: { ...(await world.scoreBase()) }, steps: 0 };
  let steps = 0;
  for (const { model: id, action } of pipeline) {
    const parents = action.models.flatMap((parent) => models.get(parent) ?? []);
    const made = await world.make(action, models);
    if (made.kind === "failed") return { kind: "failed", reason: made.reason };
    const { key, path, form = "full", scores } = made;
    const model = childModel({ id, key, trial: models.size, type: action.type, parents, path, form });
    models.set(id, model);
    const data = world.datasets.filter((dataset) => action.datasets.includes(dataset.id));
    steps += actionTypes[action.type].cost(parents, data, action.setting).steps;
    last = { kind: "made", model, models, search: { ...scores }, steps: Math.round(steps) };
  }
  return last;
}

/** A row before its reads are gathered: one seed's part of it. */
export interface RowPart {
  id: string;
  label: string;
  kind: Row["kind"];
  read: Read | { seed: number; reason: string };
}

async function readPlayed(world: LabWorld, played: Played, seed: number): Promise<RowPart["read"]> {
  if (played.kind === "failed") return { seed, reason: played.reason };
  const { model, models, search, steps } = played;
  return { seed, key: model.key, steps, search, final: { ...(await world.openFinal(model, models)) } };
}

/** A pipeline under one seed, with its final scores. */
export async function readPipeline(world: LabWorld, seed: number, pipeline: readonly PipelineStep[]): Promise<RowPart["read"]> {
  return readPlayed(world, await play(world, pipeline), seed);
}

const withBaselines = (world: LabWorld) => ({
  ...world.config,
  baselines: { singles: true, sft_all: true, sft_all_compute: 4, ties_grid: true, noise_repeats: 0 },
});

/** One full SFT on each dataset that takes it. */
export function singleTrainings(world: LabWorld): Action[] {
  return baselineActions(withBaselines(world), world.datasets, [world.base]).flatMap(({ label, action }) =>
    label === "single" ? [action] : [],
  );
}

/** One training by preferences on each preference set, by the longest setting. */
function singlePreferences({ config, base, datasets }: LabWorld): Action[] {
  const space = new ChoiceSpace(config);
  return space.types.filter(isPreference).flatMap((type) =>
    datasets
      .filter((dataset) => takesDataset(type, dataset))
      .flatMap((dataset) => {
        const stepsOf = (setting: Action["setting"]) => actionTypes[type].cost([base], [dataset], setting).steps;
        const [setting] = space.settings(type).toSorted((a, b) => stepsOf(b) - stepsOf(a));
        if (setting === undefined) return [];
        return [canonicalAction({ type, models: [base.id], datasets: [dataset.id], setting, seed: 0, fidelity: fullFidelity })];
      }),
  );
}

const labels: Readonly<Record<string, string>> = { sft_all: "SFT on all data", sft_all_compute: "SFT on all data, 4× steps" };

/** Base, single sets, all sets and the TIES grid under one seed. */
export async function fixedRows(world: LabWorld, seed: number): Promise<RowPart[]> {
  const weights = Object.fromEntries(taskWeights(world.config, []).map(({ task, weight }) => [task, weight]));
  const read = async (steps: PipelineStep[]) => ({ read: await readPipeline(world, seed, steps) });
  const parts: RowPart[] = [{ id: "base", label: "base", kind: "base", ...(await read([])) }];
  const config = withBaselines(world);
  const singles: { action: Action; search: number; row: RowPart }[] = [];
  for (const { label, action } of baselineActions(config, world.datasets, [world.base])) {
    const [dataset = ""] = action.datasets;
    const isSingle = label === "single";
    const id = isSingle ? `sft ${dataset}` : label;
    const row: RowPart = {
      id,
      label: isSingle ? `SFT on ${dataset}` : (labels[label] ?? label),
      kind: isSingle ? "single" : "all",
      ...(await read([{ model: "m1", action }])),
    };
    parts.push(row);
    if (isSingle && "search" in row.read) singles.push({ action, search: weigh(row.read.search, weights), row });
  }
  for (const action of singlePreferences(world)) {
    const [dataset = ""] = action.datasets;
    const name = action.type.toUpperCase();
    parts.push({
      id: `${action.type} ${dataset}`,
      label: `${name} on ${dataset}`,
      kind: "single",
      ...(await read([{ model: "m1", action }])),
    });
  }
  const [best] = singles.toSorted((a, b) => b.search - a.search);
  if (best !== undefined) parts.push({ ...best.row, id: "best_single", label: "best single SFT by search score" });
  const merged = await tiesGrid(world, singles, seed);
  return merged === null ? parts : [...parts, merged];
}

/** The best merge of the TIES grid by its search score. */
async function tiesGrid(world: LabWorld, singles: readonly { action: Action; search: number }[], seed: number): Promise<RowPart | null> {
  const weights = Object.fromEntries(taskWeights(world.config, []).map(({ task, weight }) => [task, weight]));
  const steps = singles.map(({ action }, index): PipelineStep => ({ model: `m${index + 1}`, action }));
  const models = new Map<string, PoolModel>([[world.base.id, world.base]]);
  for (const { model, action } of steps) {
    const made = await play(world, [{ model, action }]);
    if (made.kind === "made") models.set(model, made.model);
  }
  const made = singles.flatMap(({ action, search }, index) => {
    const model = models.get(`m${index + 1}`);
    return model === undefined ? [] : [{ model, action, aggregate: search }];
  });
  const grid = await Promise.all(
    tiesGridActions(withBaselines(world), made).map(async ({ action }) => {
      const used = steps.filter(({ model }) => action.models.includes(model));
      return await play(world, [...used, { model: "merged", action }]);
    }),
  );
  const [best] = grid
    .flatMap((each) => (each.kind === "made" ? [{ each, search: weigh(each.search, weights) }] : []))
    .toSorted((a, b) => b.search - a.search);
  return best === undefined
    ? null
    : { id: "ties_grid", label: "best of the TIES grid", kind: "merge", read: await readPlayed(world, best.each, seed) };
}

/** What a search chose at the end of its budget. */
export function readSearch(record: RunRecord, trials: number): Read {
  const reading = readingAt(record, `${trials} trials`);
  const row = record.trials.find(({ model }) => model === reading.model);
  const search = row?.scores ?? record.base;
  return { seed: record.world, key: row?.key ?? "base", steps: reading.steps, search: { ...search }, final: { ...reading.finalTasks } };
}

/** Rows of all seeds from their parts, in the order of the first seed. */
export function gatherRows(parts: readonly RowPart[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { id, label, kind, read } of parts) {
    const row = rows.get(id) ?? { id, label, kind, reads: [], failures: [] };
    if ("reason" in read) row.failures.push(read);
    else row.reads.push(read);
    rows.set(id, row);
  }
  return [...rows.values()];
}
