import type { PoolModel, Split } from "../pool/objects.ts";
import { measure, measureTask } from "../score/compare.ts";
import type { TaskWeight } from "../score/evaluation.ts";
import type { Run, Store } from "../store/store.ts";
import type { ScoredModel } from "./report-facts.ts";

/** Outcomes of one model on one split, by task; null when a task is missing. */
export type Outcomes = ReadonlyMap<string, Float32Array>;

export interface ScoredOutcomes {
  scored: ScoredModel;
  outcomes: Outcomes;
}

/** Scores one model on a split from its stored outcomes; null when it was not evaluated there on every task. */
export async function scoreModel(
  store: Store,
  { run, model, label, split, weights }: { run: Run; model: PoolModel; label: string; split: Split; weights: readonly TaskWeight[] },
): Promise<ScoredOutcomes | null> {
  const taskKeys = new Map(run.tasks.map((task) => [task.id, task.key]));
  const evaluations = (await store.evaluations.ofModels([model.key], split)).filter((each) => taskKeys.get(each.task) === each.taskKey);
  const outcomes = new Map<string, Float32Array>();
  const tasks: ScoredModel["tasks"] = [];
  for (const weight of weights) {
    const evaluation = evaluations.find((each) => each.task === weight.task);
    const items = evaluation === undefined ? null : await store.evaluations.outcomes(evaluation.key);
    if (evaluation === undefined || items === null) return null;
    outcomes.set(weight.task, items.strict);
    const score = measureTask(items.strict, weight.maximum, split);
    tasks.push({ task: weight.task, score, lenient: evaluation.lenient, majority: evaluation.majority });
  }
  return { scored: { label, model: model.id, score: measure(outcomes, weights, split), tasks }, outcomes };
}
