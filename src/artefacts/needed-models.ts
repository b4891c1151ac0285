import type { PoolModel } from "../pool/objects.ts";
import { bestModel } from "../service/best-model.ts";
import { ModelScores } from "../service/model-scores.ts";
import type { Run, Store } from "../store/store.ts";
import { loadedModels } from "./loaded-models.ts";

/** What all runs of a home say about the files of models. */
export interface ModelNeeds {
  /** Models by key that a run made, and whose recipe it therefore knows. */
  made: Map<string, { run: Run; model: PoolModel }>;
  /** Keys that must stay, with the reason: a person's pin, or a trial that is not over. */
  needed: Map<string, string>;
  /** Keys of the runs' best models, and what they stand on: they go last. */
  best: Set<string>;
}

/** Reads which models are needed, over all runs: what one run does not need another may. */
export async function readModelNeeds(store: Store): Promise<ModelNeeds> {
  const needs: ModelNeeds = { made: new Map(), needed: new Map(), best: new Set() };
  for (const run of await store.runs.list()) await addRun(store, run, needs);
  return needs;
}

async function addRun(store: Store, run: Run, { made, needed, best }: ModelNeeds): Promise<void> {
  const models = await store.objects.models(run.id);
  const byId = new Map(models.map((model) => [model.id, model]));
  for (const model of models) if (model.trial !== null) made.set(model.key, { run, model });
  const need = (id: string, why: string) => {
    if (!byId.has(id)) return;
    for (const { key } of loadedModels(id, byId)) if (!needed.has(key)) needed.set(key, why);
  };
  for (const { model, author } of await store.pins.list(run.id)) need(model, `${author} pinned ${model} of ${run.name}`);
  for (const trial of await store.trials.live(run.id)) {
    for (const id of trial.action.models) need(id, `trial ${trial.number} of ${run.name} is not over`);
    if (trial.model !== null) need(trial.model, `trial ${trial.number} of ${run.name} is not over`);
  }
  const id = await bestModel(store, run, await ModelScores.open(store, run, "search"));
  if (id !== null) for (const { key } of loadedModels(id, byId)) best.add(key);
}
