import { ContractError } from "../errors.ts";
import type { Split } from "../pool/objects.ts";
import type { Measured, TaskWeight } from "./evaluation.ts";
import { type Interval, meanInterval, moments, pairedShares, sumIntervals, wilson } from "./interval.ts";

/** Outcomes of one model on one split: by task, one number an item, in the metric's own unit. */
export type OutcomesByTask = ReadonlyMap<string, Float32Array>;

const isShare = (values: Float32Array) => values.every((value) => value === 0 || value === 1);

function outcomesOf(outcomes: OutcomesByTask, task: string): Float32Array {
  const values = outcomes.get(task);
  if (values === undefined || values.length === 0) {
    throw new ContractError(`There are no item outcomes for task "${task}": evaluate the model on it first.`, { task });
  }
  return values;
}

/** Interval of a task's mean score: Wilson's for right or wrong, Student's t for other metrics. */
function taskInterval(values: Float32Array, maximum: number): Interval {
  const { mean, sd } = moments(values);
  if (isShare(values) && maximum === 1) return wilson(mean, values.length);
  if (sd > 0) return meanInterval(values);
  // All items alike: of all metrics on [0, maximum] with this mean, right-or-wrong varies most.
  const worst = wilson(Math.min(1, Math.max(0, mean / maximum)), values.length);
  return { mean, low: worst.low * maximum, high: worst.high * maximum };
}

/** Interval of a task's mean difference over the same items. */
function taskDifference(a: Float32Array, b: Float32Array, maximum: number): Interval {
  const n = a.length;
  const differences = a.map((value, index) => value - (b[index] ?? 0));
  const { mean, sd } = moments(differences);
  if (isShare(a) && isShare(b) && maximum === 1) {
    const aOnly = differences.reduce((count, difference) => count + (difference > 0 ? 1 : 0), 0);
    return pairedShares(aOnly, aOnly - Math.round(mean * n), n);
  }
  if (sd > 0) return meanInterval(differences);
  const width = pairedShares(0, 0, n).high * maximum;
  return { mean, low: mean - width, high: mean + width };
}

function combine(
  weights: readonly TaskWeight[],
  split: Split,
  task: (weight: TaskWeight) => { interval: Interval; items: number },
): Measured {
  const parts = weights.filter(({ weight }) => weight > 0).map((weight) => ({ factor: weight.weight / weight.maximum, ...task(weight) }));
  return { ...sumIntervals(parts), split, items: parts.reduce((sum, part) => sum + part.items, 0), seeds: 1 };
}

/** A model's aggregate score with its 95 % interval: tasks are strata, items the sample within each. */
export function measure(outcomes: OutcomesByTask, weights: readonly TaskWeight[], split: Split): Measured {
  return combine(weights, split, ({ task, maximum }) => {
    const values = outcomesOf(outcomes, task);
    return { interval: taskInterval(values, maximum), items: values.length };
  });
}

/**
 * How much better `a` is than `b` in the aggregate, paired by item, with a 95 % interval. It speaks of these two models
 * on items like these; what another training seed would do is the noise floor's business.
 */
export function comparePaired(a: OutcomesByTask, b: OutcomesByTask, weights: readonly TaskWeight[], split: Split): Measured {
  return combine(weights, split, ({ task, maximum }) => {
    const left = outcomesOf(a, task);
    const right = outcomesOf(b, task);
    if (left.length !== right.length) {
      throw new ContractError(`Task "${task}": ${left.length} and ${right.length} items. Only results on the same items can be compared.`, {
        task,
      });
    }
    return { interval: taskDifference(left, right, maximum), items: left.length };
  });
}

/** One task's mean score with its 95 % interval, in the metric's own unit. */
export function measureTask(values: Float32Array, maximum: number, split: Split): Measured {
  return { ...taskInterval(values, maximum), split, items: values.length, seeds: 1 };
}

/** One task's mean difference a − b over the same items with its 95 % interval, in the metric's own unit. */
export function compareTask(a: Float32Array, b: Float32Array, maximum: number, split: Split): Measured {
  if (a.length !== b.length) throw new ContractError(`${a.length} and ${b.length} items: only results on the same items can be compared.`);
  return { ...taskDifference(a, b, maximum), split, items: a.length, seeds: 1 };
}
