import { evaluationKey } from "#src/action/key.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Run, Store } from "#src/store/store.ts";

/**
 * Models that still lack their scores on tasks which joined the run while it went on, in the order of the pool. Read from
 * the store alone, so that every conductor comes to the same answer; nothing is read for a run that no task joined.
 */
export async function lateModels(store: Store, run: Run): Promise<PoolModel[]> {
  const joined = run.tasks.flatMap(({ key, joined: how }) => (how === undefined ? [] : [{ key, leftOut: new Set(how.leftOut) }]));
  if (joined.length === 0) return [];
  const models = (await store.objects.models(run.id)).filter(({ id }) => joined.some(({ leftOut }) => !leftOut.has(id)));
  const found = await store.evaluations.ofModels(
    models.map(({ key }) => key),
    "search",
  );
  const known = new Set(found.map(({ key }) => key));
  return models.filter(({ id, key }) => joined.some((task) => !task.leftOut.has(id) && !known.has(evaluationKey(key, task.key, "search"))));
}
