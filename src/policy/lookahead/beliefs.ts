import type { ArrowVector, Observation } from "./arrow-regression.ts";
import { type TrainingKind, type TrainingShape, trainingTerms } from "./training-features.ts";

/** One set of weights for every regression: the posterior means, or one draw. */
export interface Beliefs {
  training: readonly ArrowVector[];
  merging: readonly ArrowVector[];
  /** Of trainings on several datasets at once. */
  mixing: readonly ArrowVector[];
}

/**
 * A training under given beliefs: the change of each task as a linear map of the state vector (tasks × state).
 * All features are factor × state entry, so candidates and rollouts cost one small product instead of a feature vector.
 */
export function trainingMap(shape: TrainingShape, kind: TrainingKind, beliefs: Beliefs): Float64Array {
  const width = 1 + shape.tasks + shape.groups;
  const map = new Float64Array(shape.tasks * width);
  for (let task = 0; task < shape.tasks; task++) {
    const weights = beliefs.training[task];
    const own = weights?.groups[kind.group];
    for (const term of trainingTerms(shape, kind, task)) {
      const weight = (term.own ? own : weights?.pooled)?.[term.feature] ?? 0;
      const at = task * width + term.state;
      map[at] = (map[at] ?? 0) + weight * term.factor;
    }
  }
  return map;
}

/** Scores of the child: the parent's plus the map's change, kept within [0, 1]. */
export function applyMap(map: Float64Array, vector: Float64Array, scores: Float64Array, into: Float64Array): Float64Array {
  const width = vector.length;
  for (let task = 0; task < scores.length; task++) {
    let score = scores[task] ?? 0;
    const row = task * width;
    for (let i = 0; i < width; i++) score += (map[row + i] ?? 0) * (vector[i] ?? 0);
    into[task] = score < 0 ? 0 : score > 1 ? 1 : score;
  }
  return into;
}

/** Change of one task that given weights predict for an observation. */
export function predictChange(weights: ArrowVector | undefined, seen: Observation): number {
  if (weights === undefined) return 0;
  const own = seen.group === null ? undefined : weights.groups[seen.group];
  return dot(weights.pooled, seen.pooled) + (own === undefined ? 0 : dot(own, seen.own));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
