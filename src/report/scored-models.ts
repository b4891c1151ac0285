import type { PoolModel } from "../pool/objects.ts";
import type { OutcomesByTask } from "../score/compare.ts";
import type { ModelScores } from "../service/model-scores.ts";
import type { Run, Store } from "../store/store.ts";
import type { ScoredModel } from "./report-facts.ts";

export interface ScoredOutcomes {
  scored: ScoredModel;
  outcomes: OutcomesByTask;
}

/** A model's scores on the split that `scores` reads, with the lenient and the majority ones; null when it was not evaluated there on every task. */
export async function scoreModel(
  store: Store,
  { run, scores, model, label }: { run: Run; scores: ModelScores; model: PoolModel; label: string },
): Promise<ScoredOutcomes | null> {
  const outcomes = await scores.outcomes(model);
  if (outcomes === null) return null;
  const taskKeys = new Set(run.tasks.map((task) => task.key));
  const evaluations = (await store.evaluations.ofModels([model.key], scores.split)).filter(({ taskKey }) => taskKeys.has(taskKey));
  const tasks = Object.entries(scores.measureTasks(outcomes)).flatMap(([task, score]) => {
    const evaluation = evaluations.find((each) => each.task === task);
    return evaluation === undefined ? [] : [{ task, score, lenient: evaluation.lenient, majority: evaluation.majority }];
  });
  return { scored: { label, model: model.id, score: scores.measure(outcomes), tasks }, outcomes };
}
