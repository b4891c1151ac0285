import type { PoolModel } from "../pool/objects.ts";
import { aggregate, taskWeights } from "../score/aggregate.ts";
import type { TaskWeight } from "../score/evaluation.ts";
import type { Run, Store, Trial } from "../store/store.ts";

/** What every explanation reads of a run. */
export interface RunFacts {
  run: Run;
  models: ReadonlyMap<string, PoolModel>;
  trials: ReadonlyMap<number, Trial>;
  weights: readonly TaskWeight[];
  /** Aggregate `search` score of every model that was evaluated in full, by model id. */
  scores: ReadonlyMap<string, number>;
}

/** Reads pool, trials and `search` scores of a run. */
export async function readRunFacts(store: Store, run: Run): Promise<RunFacts> {
  const models = new Map((await store.objects.models(run.id)).map((model) => [model.id, model]));
  const trials = new Map((await store.trials.list(run.id)).map((trial) => [trial.number, trial]));
  const weights = taskWeights(run.config, await store.directives.list(run.id));
  const taskKeys = new Map(run.tasks.map((task) => [task.id, task.key]));
  const byKey = new Map<string, Record<string, number>>();
  for (const evaluation of await store.evaluations.ofModels(
    [...models.values()].map((model) => model.key),
    "search",
  )) {
    if (taskKeys.get(evaluation.task) !== evaluation.taskKey) continue;
    byKey.set(evaluation.modelKey, { ...byKey.get(evaluation.modelKey), [evaluation.task]: evaluation.score });
  }
  const scores = new Map<string, number>();
  for (const model of models.values()) {
    const tasks = byKey.get(model.key);
    if (tasks !== undefined && weights.every(({ task, weight }) => weight === 0 || task in tasks))
      scores.set(model.id, aggregate(tasks, weights));
  }
  return { run, models, trials, weights, scores };
}
