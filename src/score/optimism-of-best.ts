import type { Rng } from "../policy/rng.ts";
import type { OutcomesByTask } from "./compare.ts";
import type { TaskWeight } from "./evaluation.ts";
import { expectedOptimism } from "./expected-optimism.ts";
import { moments } from "./interval.ts";
import { type SeedVariance, seedVariance } from "./seed-variance.ts";

/** How many trainings the prior of the seed variance counts for. */
const priorDegrees = 4;
/** What the seed does to the whole score, before anything is known of it: so much of the variance that drawing items has. */
const priorShare = 0.25;

export interface BestOf {
  /** Eligible models' outcomes on the same items. */
  models: readonly OutcomesByTask[];
  /** Trainings that are equal but for their seed: what was repeated first, then its repeats. */
  groups: readonly (readonly OutcomesByTask[])[];
  weights: readonly TaskWeight[];
  rng: Rng;
}

/**
 * By how much the best of a run's models is expected to look too good; null with fewer than two. Three repeats say
 * little of the variance between seeds, and where its estimate happens to be 0 the optimism would be far too small:
 * it is shrunk towards a share of the variance that the choice of items has.
 */
export function optimismOfBest({ models, groups, weights, rng }: BestOf): {
  optimism: number | null;
  measured: SeedVariance | null;
} {
  const measured = seedVariance(groups, weights);
  if (models.length < 2) return { optimism: null, measured };
  const prior = priorShare * itemVariance(models, weights);
  const degrees = measured?.degrees ?? 0;
  const variance = ((measured?.variance ?? 0) * degrees + prior * priorDegrees) / (degrees + priorDegrees);
  return { optimism: expectedOptimism(models, { weights, seedSd: Math.sqrt(variance), rng }), measured };
}

/** Mean variance of the models' aggregates over draws of the items. */
function itemVariance(models: readonly OutcomesByTask[], weights: readonly TaskWeight[]): number {
  const ofModel = (outcomes: OutcomesByTask) =>
    weights.reduce((sum, { task, weight, maximum }) => {
      const values = outcomes.get(task) ?? [];
      return weight === 0 || values.length === 0 ? sum : sum + ((weight / maximum) * moments(values).sd) ** 2 / values.length;
    }, 0);
  return models.reduce((sum, outcomes) => sum + ofModel(outcomes), 0) / models.length;
}
