import { constantTasks } from "../score/constant-tasks.ts";
import type { Run, Store } from "../store/store.ts";
import { ModelScores } from "./model-scores.ts";

/** Beside bases, baselines and repeats so many of the best models are looked at: one that differs shows that the metric moves. */
const bestLookedAt = 40;

/** Tasks of a run that gave every model the same score on `search`. */
export async function readConstantTasks(store: Store, run: Run): Promise<string[]> {
  const scores = await ModelScores.open(store, run, "search");
  const fixed = [...(await store.trials.ofKind(run.id, "baseline")), ...(await store.trials.ofKind(run.id, "repeat"))];
  const ids = new Set([...fixed.flatMap(({ model }) => model ?? []), ...(await scores.best(bestLookedAt))]);
  const keys = new Set<string>();
  for (const id of ids) {
    const model = await store.objects.find(run.id, id);
    if (model !== null) keys.add(model.key);
  }
  const models = new Map<string, Record<string, number>>();
  for (const { modelKey, task, score } of await scores.evaluations([...keys]))
    models.set(modelKey, { ...models.get(modelKey), [task]: score });
  return constantTasks(
    [...models.values()],
    run.tasks.map(({ id }) => id),
  );
}
