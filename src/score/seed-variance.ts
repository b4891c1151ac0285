import type { OutcomesByTask } from "./compare.ts";
import type { TaskWeight } from "./evaluation.ts";
import { moments } from "./interval.ts";

/** Variance of the aggregate between trainings that differ in their seed only, and the degrees of freedom behind it. */
export interface SeedVariance {
  variance: number;
  degrees: number;
}

/** Mean outcome of each item over seeds. @throws RangeError when the seeds were not read on the same items. */
export function itemMeans(seeds: readonly OutcomesByTask[], task: string): Float64Array {
  const rows = seeds.map((outcomes) => outcomes.get(task));
  const items = rows[0]?.length ?? 0;
  if (items === 0 || rows.some((row) => row?.length !== items)) {
    throw new RangeError(`Task "${task}": the seeds were not all evaluated on the same items.`);
  }
  return Float64Array.from({ length: items }, (_, item) => rows.reduce((sum, row) => sum + (row?.[item] ?? 0), 0) / rows.length);
}

/** The part of the aggregate's variance that comes of items answered now so, now so; it shrinks with more items. */
function itemPart(seeds: readonly OutcomesByTask[], weights: readonly TaskWeight[]): number {
  return weights.reduce((sum, { task, weight, maximum }) => {
    if (weight === 0) return sum;
    const means = itemMeans(seeds, task);
    let squares = 0;
    for (const outcomes of seeds) outcomes.get(task)?.forEach((value, item) => (squares += (value - (means[item] ?? 0)) ** 2));
    return sum + ((weight / maximum) ** 2 * squares) / (seeds.length - 1) / means.length ** 2;
  }, 0);
}

/**
 * What the training seed alone does to the aggregate, pooled over groups of trainings that are equal but for the seed.
 * The luck of single items is taken out: intervals over items count it already (one-way random effects, method of
 * moments).
 * @returns null when no group has two seeds.
 */
export function seedVariance(groups: readonly (readonly OutcomesByTask[])[], weights: readonly TaskWeight[]): SeedVariance | null {
  let squares = 0;
  let degrees = 0;
  for (const seeds of groups) {
    if (seeds.length < 2) continue;
    const scores = seeds.map((outcomes) =>
      weights.reduce((sum, { task, weight, maximum }) => {
        return weight === 0 ? sum : sum + (weight / maximum) * moments(outcomes.get(task) ?? []).mean;
      }, 0),
    );
    const between = moments(scores).sd ** 2;
    squares += (seeds.length - 1) * Math.max(0, between - itemPart(seeds, weights));
    degrees += seeds.length - 1;
  }
  return degrees === 0 ? null : { variance: squares / degrees, degrees };
}
