import { degenerateAnswers } from "../score/degenerate.ts";
import { floorsMet } from "../score/floors.ts";
import type { Run, Store } from "../store/store.ts";
import { baseOfModel } from "./base-of.ts";
import { lengthCollapse } from "./length-collapse.ts";
import type { ModelScores } from "./model-scores.ts";

const pageSize = 20;

/** Id of the model with the best aggregate score among those that are eligible; null when none is. A base can be the best. */
export async function bestModel(store: Store, run: Run, scores: ModelScores): Promise<string | null> {
  for (let offset = 0; ; offset += pageSize) {
    const page = await scores.best(pageSize, offset);
    for (const id of page) if (await isEligible(store, run, scores, id)) return id;
    if (page.length < pageSize) return null;
  }
}

async function keysOf(store: Store, run: Run, models: readonly string[]): Promise<string[]> {
  const found = await Promise.all(models.map((id) => store.objects.find(run.id, id)));
  return found.flatMap((model) => model?.key ?? []);
}

/** Whether a model may win: it meets its floors, learnt something, and its answers are neither broken nor collapsed. A base always may. */
export async function isEligible(store: Store, run: Run, scores: ModelScores, id: string): Promise<boolean> {
  const model = await store.objects.find(run.id, id);
  if (model?.kind !== "model") return false;
  if (model.trial !== null) {
    if ((await store.trials.find(run.id, model.trial))?.learnt === false) return false;
    if (degenerateAnswers(await store.evaluations.ofModels([model.key], scores.split)).length > 0) return false;
    const parents = await keysOf(store, run, model.parents);
    if ((await lengthCollapse(store, { key: model.key, parents }, scores.split)).length > 0) return false;
  }
  if (scores.weights.every((weight) => weight.floor === null)) return true;
  const base = await baseOfModel(store, run, model);
  const own = await scores.means(model);
  const baseMeans = base === null ? {} : (await scores.means(base)).scores;
  return floorsMet(own.scores, scores.weights, baseMeans, own.items).met;
}
