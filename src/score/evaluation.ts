import type { Split } from "../pool/objects.ts";

/** Result of one model on one split of one task. Its key: (model key, task key, split, evaluator version). */
export interface Evaluation {
  key: string;
  modelKey: string;
  task: string;
  taskKey: string;
  split: Split;
  items: number;
  /** Mean of the strict outcomes, in the metric's own unit. */
  score: number;
  /** Mean of the lenient outcomes. */
  lenient: number;
  /** Score of always giving the most common right answer. */
  majority: number;
  hitTokenLimit: number;
  empty: number;
  mostCommonOutput: number;
  /** Length of the answers in tokens; null where it was not told. */
  medianOutputTokens: number | null;
  p90OutputTokens: number | null;
  createdAt: string;
}

/** Outcome of each item, strict and lenient, in the order of the split's items. */
export interface ItemOutcomes {
  evaluationKey: string;
  strict: Float32Array;
  lenient: Float32Array;
}

/** A model's result on one split of a task, with the outcome of every item. */
export interface EvaluationResult {
  evaluation: Evaluation;
  outcomes: ItemOutcomes;
}

/** Raised when evaluation results change. */
export const evaluatorVersion = 1;

/** A task's part in the aggregate: `alpha` makes largest contributions equal, from the metric's possible maximum; weights sum to 1. */
export interface TaskWeight {
  task: string;
  weight: number;
  maximum: number;
  /** `base` = not below the base's score minus its standard error; a number is a fixed floor; null is none. */
  floor: "base" | number | null;
}

/** A number with what it was measured on. Intervals are 95 %. */
export interface Measured {
  mean: number;
  low: number;
  high: number;
  split: Split;
  /** Items in all, over tasks. */
  items: number;
  /** Training seeds behind it. */
  seeds: number;
}
