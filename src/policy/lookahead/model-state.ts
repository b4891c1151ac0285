import type { TaskScores } from "../policy.ts";

/** What predictions start from: a model's scores, what it was trained on and how often, and its depth. */
export interface ModelState {
  /** Search scores by task. */
  scores: Float64Array;
  /** Exposure by training group: 1 for each full training, a merge has the weighted mean of its parents. */
  exposure: Float64Array;
  depth: number;
}

/** More exposure than this reads as this. */
const exposureCap = 3;

/** Scores in the order of the tasks; a task that was not measured counts as 0. */
export function scoresOf(scores: TaskScores, tasks: readonly string[]): Float64Array {
  return Float64Array.from(tasks, (task) => scores[task] ?? 0);
}

/** The vector that every training feature is taken from: 1, score − .5 by task, log(1 + capped exposure) by group. */
export function stateVector(state: Pick<ModelState, "scores" | "exposure">, into: Float64Array): Float64Array {
  const { scores, exposure } = state;
  into[0] = 1;
  for (let t = 0; t < scores.length; t++) into[1 + t] = (scores[t] ?? 0) - 0.5;
  const offset = 1 + scores.length;
  for (let g = 0; g < exposure.length; g++) into[offset + g] = Math.log1p(Math.min(exposureCap, exposure[g] ?? 0));
  return into;
}

/** Σ weightₜ · scoreₜ. */
export function weighScores(scores: Float64Array, weights: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < scores.length; t++) sum += (scores[t] ?? 0) * (weights[t] ?? 0);
  return sum;
}
