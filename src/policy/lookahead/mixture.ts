import type { ArrowVector } from "./arrow-regression.ts";

/** One dataset of a mixture: its training group, and its share of the mixture's rows. */
export interface Part {
  group: number;
  share: number;
}

/**
 * Where in the parts' changes the child of a mixture is expected, before any was seen: 0 = their mean by rows, 1 = the
 * largest. The mean of single trainings ranks mixtures well (Merge to Mix, arXiv 2505.16066), and data for a task keeps
 * what the other data would forget.
 */
const leaning = 0.5;

/** Share of a merge's surplus that a mixture is expected to have, too, before any was seen with both. */
const proxied = 0.5;

/** Prior standard deviations: intercept, largest − mean, mean − smallest, the parent's score − .5, surplus of merges. */
export const mixturePriors: readonly number[] = [0.08, 0.4, 0.3, 0.15, 0.3];
/** The same for what one set of datasets has of its own: intercept, the parent's score − .5. */
export const ownMixturePriors: readonly number[] = [0.15, 0.25];

/** How a mixture reads for one task. */
export interface Blend {
  /** Expected score of the child before the mixtures' own regression, in [0, 1]. */
  start: number;
  pooled: Float64Array;
  own: Float64Array;
}

/** What a mixture's outcome on one task is read from. */
export interface BlendInput {
  /** The parent's score. */
  score: number;
  /** Predicted change of that score by training on each part alone, and each part's share of the rows. */
  changes: readonly number[];
  shares: readonly number[];
  /** How far merges that stand in for the mixture ended above what was expected of it; 0 when there are none. */
  surplus: number;
}

/**
 * Start and features of a mixture for the regression of one task, whose target is child − start.
 */
export function blend({ score, changes, shares, surplus }: BlendInput): Blend {
  let mean = 0;
  let highest = Number.NEGATIVE_INFINITY;
  let lowest = Number.POSITIVE_INFINITY;
  // Called for every branch, mixture and task: iterators would leave megabytes behind at each proposal.
  for (let index = 0; index < changes.length; index++) {
    const change = within(score + (changes[index] ?? 0)) - score;
    mean += change * (shares[index] ?? 0);
    highest = Math.max(highest, change);
    lowest = Math.min(lowest, change);
  }
  return {
    start: within(score + mean + leaning * (highest - mean) + proxied * surplus),
    pooled: Float64Array.of(1, highest - mean, mean - lowest, score - 0.5, surplus),
    own: Float64Array.of(1, score - 0.5),
  };
}

/** The child's score of one task under given weights. @param own index of what this set of datasets has of its own; null = not seen yet. */
export function blendedScore(blended: Blend, weights: ArrowVector | undefined, own: number | null): number {
  const ownWeights = own === null ? undefined : weights?.groups[own];
  let change = 0;
  const { pooled, own: specific } = blended;
  for (let i = 0; i < pooled.length; i++) change += (pooled[i] ?? 0) * (weights?.pooled[i] ?? 0);
  for (let i = 0; i < specific.length; i++) change += (specific[i] ?? 0) * (ownWeights?.[i] ?? 0);
  return within(blended.start + change);
}

function within(score: number): number {
  return Math.min(1, Math.max(0, score));
}
