import { floorsMet } from "../score/floors.ts";
import type { Run, Store } from "../store/store.ts";
import { baseOfModel } from "./base-of.ts";
import type { ModelScores } from "./model-scores.ts";

const pageSize = 20;

/**
 * Id of the model with the best aggregate score among those that meet their floors; null when none does. A base can be
 * the best.
 */
export async function bestModel(store: Store, run: Run, scores: ModelScores): Promise<string | null> {
  for (let offset = 0; ; offset += pageSize) {
    const page = await scores.best(pageSize, offset);
    for (const id of page) if (await meetsFloors(store, run, scores, id)) return id;
    if (page.length < pageSize) return null;
  }
}

async function meetsFloors(store: Store, run: Run, scores: ModelScores, id: string): Promise<boolean> {
  if (scores.weights.every((weight) => weight.floor === null)) return true;
  const model = await store.objects.find(run.id, id);
  if (model?.kind !== "model") return false;
  const base = await baseOfModel(store, run, model);
  const own = await scores.means(model);
  const baseMeans = base === null ? {} : (await scores.means(base)).scores;
  return floorsMet(own.scores, scores.weights, baseMeans, own.items).met;
}
