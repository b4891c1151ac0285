import { studentT } from "../memory/student-t.ts";
import type { Split } from "../pool/objects.ts";
import type { OutcomesByTask } from "./compare.ts";
import type { Measured, TaskWeight } from "./evaluation.ts";
import { meanInterval, moments, pairedShares, sumIntervals, wilson, type Interval } from "./interval.ts";
import { itemMeans, type SeedVariance } from "./seed-variance.ts";

/** One pipeline under several training seeds, read on the same items; a base has one entry and no seed. */
export interface Seeded {
  seeds: readonly OutcomesByTask[];
  isTrained: boolean;
}

/** Width that the seeds add: what is known of their variance, over so many trainings. */
function seedHalfWidth(sides: readonly Seeded[], noise: SeedVariance | null): number {
  if (noise === null) return 0;
  const variance = sides.reduce((sum, { seeds, isTrained }) => sum + (isTrained ? noise.variance / seeds.length : 0), 0);
  return studentT(noise.degrees) * Math.sqrt(variance);
}

function widen({ mean, low, high }: Interval, half: number): Interval {
  return { mean, low: mean - Math.hypot(mean - low, half), high: mean + Math.hypot(high - mean, half) };
}

function combine(
  weights: readonly TaskWeight[],
  ofTask: (weight: TaskWeight) => { interval: Interval; items: number },
  half: number,
): Interval & { items: number } {
  const parts = weights.filter(({ weight }) => weight > 0).map((weight) => ({ factor: weight.weight / weight.maximum, ...ofTask(weight) }));
  return { ...widen(sumIntervals(parts), half), items: parts.reduce((sum, { items }) => sum + items, 0) };
}

/**
 * How much better pipeline `a` is than `b`, with a 95 % interval over items *and* training seeds: an item is a cluster
 * (its outcomes under all seeds are averaged before anything is compared), and what the seeds do to the whole score is
 * added from their pooled variance. With `noise` null it speaks of these trainings only.
 */
export function compareOverSeeds(
  a: Seeded,
  b: Seeded,
  { weights, split, noise }: { weights: readonly TaskWeight[]; split: Split; noise: SeedVariance | null },
): Measured {
  const combined = combine(
    weights,
    ({ task, maximum }) => {
      const others = itemMeans(b.seeds, task);
      const differences = itemMeans(a.seeds, task).map((mean, item) => mean - (others[item] ?? 0));
      const { mean, sd } = moments(differences);
      if (sd > 0) return { interval: meanInterval(differences), items: differences.length };
      const width = pairedShares(0, 0, differences.length).high * maximum;
      return { interval: { mean, low: mean - width, high: mean + width }, items: differences.length };
    },
    seedHalfWidth([a, b], noise),
  );
  return {
    ...combined,
    split,
    seeds: Math.min(...[a, b].filter((side) => side.isTrained).map(({ seeds }) => seeds.length), a.seeds.length),
  };
}

/** A pipeline's aggregate score over its training seeds, with an interval over items and seeds. */
export function measureOverSeeds(
  pipeline: Seeded,
  { weights, split, noise }: { weights: readonly TaskWeight[]; split: Split; noise: SeedVariance | null },
): Measured {
  const combined = combine(
    weights,
    ({ task, maximum }) => {
      const means = itemMeans(pipeline.seeds, task);
      const { mean, sd } = moments(means);
      if (sd > 0) return { interval: meanInterval(means), items: means.length };
      const worst = wilson(Math.min(1, Math.max(0, mean / maximum)), means.length);
      return { interval: { mean, low: worst.low * maximum, high: worst.high * maximum }, items: means.length };
    },
    seedHalfWidth([pipeline], noise),
  );
  return { ...combined, split, seeds: pipeline.seeds.length };
}
