import { type PoolModel, type Split, splits } from "../pool/objects.ts";
import { taskWeights } from "../score/aggregate.ts";
import { measure, measureTask } from "../score/compare.ts";
import type { Measured, TaskWeight } from "../score/evaluation.ts";
import { readOutcomes } from "../score/read-outcomes.ts";
import type { Run, Store } from "../store/store.ts";
import type { Recipe } from "./recipe-schema.ts";

const brief = ({ mean, low, high, items }: Measured) => ({ mean, low, high, items });

async function ofSplit(
  store: Store,
  run: Run,
  model: PoolModel,
  split: Split,
  weights: readonly TaskWeight[],
): Promise<Recipe["expected"]> {
  const outcomes = await readOutcomes(store, run, model, split);
  if (weights.some(({ task }) => !outcomes.has(task))) return [];
  const tasks = weights.map(
    ({ task, maximum }) => [task, brief(measureTask(outcomes.get(task) ?? new Float32Array(), maximum, split))] as const,
  );
  return [{ split, score: brief(measure(outcomes, weights, split)), tasks: Object.fromEntries(tasks) }];
}

/** A model's scores with intervals on every split that it was evaluated on in full. */
export async function expectedScores(store: Store, run: Run, model: PoolModel): Promise<Recipe["expected"]> {
  const weights = taskWeights(run.config, await store.directives.list(run.id));
  const bySplit: Recipe["expected"] = [];
  for (const split of splits) bySplit.push(...(await ofSplit(store, run, model, split, weights)));
  return bySplit;
}
