import type { PolicyView, TaskScores } from "../policy.ts";
import { floorPrice, type Goal } from "./goal.ts";

/** What the run is after at this moment: the weights that scores count by, and what candidates are ranked by. */
export interface Standing {
  /** Weight of each task in the aggregate, in the order of the tasks. */
  weights: Float64Array;
  /** What candidates are ranked by: the weights with the plan's tasks counted double, summing to 1, and the floors. */
  goal: Goal;
  aggregate(scores: TaskScores): number;
  /** Aggregate of a model of the pool by the goal's weights; −∞ when it was not evaluated. What is built on may break a floor. */
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
  const lowest = (task: string) => view.floors[task] ?? Number.NEGATIVE_INFINITY;
  const floors = view.tasks.some((task) => task in view.floors) ? Float64Array.from(view.tasks, lowest) : null;
  return {
    weights,
    goal: { weights: focus, floors, price: floorPrice(view.budget) },
    aggregate: (scores) => weigh(scores, weights),
    rankedBy: (id) => {
      const scores = view.scores.get(id);
      return scores === undefined ? Number.NEGATIVE_INFINITY : weigh(scores, focus);
    },
  };
}
