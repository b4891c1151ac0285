import { createRng } from "../policy/rng.ts";
import type { Interval } from "./interval.ts";

const resamples = 10_000;

/** Mean of paired differences with its 95 % percentile-bootstrap interval over the pairs; the same values, the same interval. */
export function bootstrapMean(values: readonly number[]): Interval {
  const rng = createRng("bootstrap", ...values);
  const meanOf = (draw: () => number) => values.reduce((sum) => sum + draw(), 0) / values.length;
  let next = 0;
  const mean = meanOf(() => values[next++] ?? 0);
  const means = Array.from({ length: resamples }, () => meanOf(() => rng.pick(values))).toSorted((a, b) => a - b);
  const at = (share: number) => means[Math.floor(share * (resamples - 1))] ?? mean;
  return { mean, low: at(0.025), high: at(0.975) };
}
