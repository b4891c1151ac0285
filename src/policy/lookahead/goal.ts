import type { PolicyView } from "../policy.ts";
import { weighScores } from "./model-state.ts";

/** What a search is after. */
export interface Goal {
  /** Weight of each task. */
  weights: Float64Array;
  /** Lowest score that a model may have on each task to win (−∞ where there is none); null where no task has a floor. */
  floors: Float64Array | null;
  /** What each .01 that is missing to a floor costs of the score, in .01. */
  price: number;
}

/** Price of what is missing to a floor over the last part of the budget. */
const closingPrice = 2;
/** Share of the trials, or of the steps, after which it is due. */
const closingShare = 0.75;

/** What breaks a floor early may be what a later step makes good: it has no price then. Near the end it may not win. */
export function floorPrice({ trialsDone, trialsLeft, steps }: PolicyView["budget"]): number {
  return isClosing(trialsDone, trialsLeft) || (steps !== null && isClosing(steps.done, steps.left)) ? closingPrice : 0;
}

function isClosing(done: number, left: number): boolean {
  return done >= closingShare * (done + left);
}

/** Σ weightₜ · scoreₜ, less the price of what is missing to floors. */
export function worthOf(scores: Float64Array, { weights, floors, price }: Goal): number {
  const sum = weighScores(scores, weights);
  return floors === null ? sum : sum - price * shortfall(scores, floors);
}

function shortfall(scores: Float64Array, floors: Float64Array): number {
  let sum = 0;
  for (let t = 0; t < floors.length; t++) sum += Math.max(0, (floors[t] ?? Number.NEGATIVE_INFINITY) - (scores[t] ?? 0));
  return sum;
}
