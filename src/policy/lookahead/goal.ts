import { weighScores } from "./model-state.ts";

/** What a search is after. */
export interface Goal {
  /** Weight of each task. */
  weights: Float64Array;
  /** Lowest score that a model may have on each task to win (−∞ where there is none); null where no task has a floor. */
  floors: Float64Array | null;
}

/**
 * What falls short of a floor costs so much of the score. It is a price and no bar: predictions err, and a later step may
 * make good what this one breaks.
 */
const shortfallPrice = 2;

/** Σ weightₜ · scoreₜ, less the price of what is missing to floors. */
export function worthOf(scores: Float64Array, { weights, floors }: Goal): number {
  const sum = weighScores(scores, weights);
  return floors === null ? sum : sum - shortfallPrice * shortfall(scores, floors);
}

function shortfall(scores: Float64Array, floors: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < floors.length; t++) sum += Math.max(0, (floors[t] ?? Number.NEGATIVE_INFINITY) - (scores[t] ?? 0));
  return sum;
}
