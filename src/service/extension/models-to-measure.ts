import type { PoolModel } from "../../pool/objects.ts";
import type { Run, Store } from "../../store/store.ts";
import { ModelScores } from "../model-scores.ts";

/** So many of the best models of a run are measured on a task that joins. */
export const bestMeasured = 30;

/**
 * The models that are measured on a task that joins: the bases, what baselines and noise repeats made, and the best by
 * the tasks of before. The others keep the scores that they have: they are not ranked any more.
 */
export async function modelsToMeasure(store: Store, run: Run): Promise<PoolModel[]> {
  const fixed = [...(await store.trials.ofKind(run.id, "baseline")), ...(await store.trials.ofKind(run.id, "repeat"))];
  const best = await (await ModelScores.open(store, run, "search")).best(bestMeasured);
  const wanted = new Set([...fixed.flatMap(({ model }) => model ?? []), ...best]);
  return (await store.objects.models(run.id)).filter(({ id, trial }) => trial === null || wanted.has(id));
}
