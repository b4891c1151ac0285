import type { PolicyView, TaskScores } from "../policy.ts";

/** What the run is after at this moment: the weights that scores count by, and those that the plan's focus ranks by. */
export interface Standing {
  /** Weight of each task in the aggregate, in the order of the tasks. */
  weights: Float64Array;
  /** The same with the plan's tasks counted double, summing to 1: what candidates are ranked by. */
  focus: Float64Array;
  aggregate(scores: TaskScores): number;
  /** Aggregate of a model of the pool by the ranking's weights; −∞ when it was not evaluated. */
  rankedBy(id: string): number;
}

const focusFactor = 2;

/** Reads the view's weights and focus. */
export function standing(view: PolicyView): Standing {
  const weights = Float64Array.from(view.tasks, (task) => view.weights[task] ?? 0);
  const raw = weights.map((weight, t) => (view.plan.tasks.includes(view.tasks[t] ?? "") ? weight * focusFactor : weight));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  const focus = sum > 0 ? raw.map((weight) => weight / sum) : weights;
  const weigh = (scores: TaskScores, by: Float64Array) =>
    view.tasks.reduce((total, task, t) => total + (scores[task] ?? 0) * (by[t] ?? 0), 0);
  return {
    weights,
    focus,
    aggregate: (scores) => weigh(scores, weights),
    rankedBy: (id) => {
      const scores = view.scores.get(id);
      return scores === undefined ? Number.NEGATIVE_INFINITY : weigh(scores, focus);
    },
  };
}
