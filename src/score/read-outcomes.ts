import type { PoolModel, Split } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";

/** Strict item outcomes of a model on one split, by task; tasks that it was not evaluated on are missing. */
export async function readOutcomes(store: Store, run: Run, model: PoolModel, split: Split): Promise<Map<string, Float32Array>> {
  const keys = new Map(run.tasks.map((task) => [task.id, task.key]));
  const outcomes = new Map<string, Float32Array>();
  for (const evaluation of await store.evaluations.ofModels([model.key], split)) {
    if (keys.get(evaluation.task) !== evaluation.taskKey) continue;
    const items = await store.evaluations.outcomes(evaluation.key);
    if (items !== null) outcomes.set(evaluation.task, items.strict);
  }
  return outcomes;
}
