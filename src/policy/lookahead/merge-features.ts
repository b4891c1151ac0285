import type { ActionTypeName, Setting } from "../../action/action.ts";
import { weighScores } from "./model-state.ts";

/** What the features of a merge depend on, beside its parents' scores. */
export interface MergeKind {
  type: ActionTypeName;
  setting: Setting;
  /** Weight of each parent, summing to 1. */
  weights: Float64Array;
}

/** Every merge that is no plain average has a place of its own: its index among the run's other merge types. */
export type MergeTypes = readonly ActionTypeName[];

/** Prior standard deviations, as in the study; TIES there stands for any merge that is no plain average. */
export function mergePriors(types: MergeTypes): number[] {
  return [0.05, 0.25, 0.15, 0.05, 0.05, 0.1, ...types.flatMap(() => [0.05, 0.05, 0.15, 0.05])];
}

/** Which merge types get features of their own. */
export function distinctMergeTypes(types: readonly ActionTypeName[]): ActionTypeName[] {
  return types.filter((type) => type.startsWith("merge_") && type !== "merge_linear");
}

/** Parents' weights from a setting: `equal`, a list, or the interpolation of SLERP. */
export function mergeWeights(setting: Setting, parents: number): Float64Array {
  const { weights, t } = setting;
  const raw = Array.isArray(weights) ? weights : typeof t === "number" ? [1 - t, t] : [];
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return Float64Array.from({ length: parents }, (_, index) => (sum > 0 ? (raw[index] ?? 0) / sum : 1 / parents));
}

/**
 * Features of one merge for the regression of one task, whose target is child − weighted mean of the parents:
 * spread, how far the mean is above the base, and so on (the study's list).
 * @param scores the parents' scores on the task. @param base the score of their base.
 */
export function mergeFeatures(types: MergeTypes, kind: MergeKind, scores: Float64Array, base: number): Float64Array {
  const mean = weighScores(scores, kind.weights);
  const highest = Math.max(...scores);
  const spread = highest - Math.min(...scores);
  const unequal = kind.weights.some((weight) => Math.abs(weight - 1 / kind.weights.length) > 1e-9);
  const { density, lambda } = kind.setting;
  const shared = [1, spread, mean - base, scores.length - 2, unequal ? 1 : 0, highest - mean];
  const own = types.flatMap((type) => {
    if (type !== kind.type) return [0, 0, 0, 0];
    const isDense = typeof density === "number" && density > 0.6;
    return [1, isDense ? 1 : 0, spread, typeof lambda === "number" ? Math.log2(lambda) : 0];
  });
  return Float64Array.from([...shared, ...own]);
}
