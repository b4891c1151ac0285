import { studentT } from "../memory/student-t.ts";

/** An estimate with its 95 % interval. */
export interface Interval {
  mean: number;
  low: number;
  high: number;
}

/** Quantile .975 of the standard normal distribution. */
const z95 = 1.959964;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Mean and standard deviation (n − 1) of a list; the deviation of one value is 0. */
export function moments(values: ArrayLike<number>): { mean: number; sd: number } {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] ?? 0;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((values[i] ?? 0) - mean) ** 2;
  return { mean, sd: n < 2 ? 0 : Math.sqrt(squares / (n - 1)) };
}

/** Wilson's score interval of a share (Wilson 1927): holds its level near 0 and 1, where the normal interval fails. */
export function wilson(share: number, n: number): Interval {
  const z2 = z95 ** 2;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { mean: share, low: clamp(centre - half, 0, share), high: clamp(centre + half, share, 1) };
}

/** Student's t interval of a mean. */
export function meanInterval(values: ArrayLike<number>): Interval {
  const { mean, sd } = moments(values);
  const half = (studentT(values.length - 1) * sd) / Math.sqrt(values.length);
  return { mean, low: mean - half, high: mean + half };
}

/**
 * Interval of a paired difference of two shares: the adjusted Wald interval of Bonett and Price (2012, J. Educ. Behav.
 * Stat. 37, 479–488), which adds one item to each discordant cell and so is never of width 0.
 */
export function pairedShares(aOnly: number, bOnly: number, n: number): Interval {
  const mean = (aOnly - bOnly) / n;
  const p = (aOnly + 1) / (n + 2);
  const q = (bOnly + 1) / (n + 2);
  const half = z95 * Math.sqrt((p + q - (p - q) ** 2) / (n + 2));
  return { mean, low: clamp(p - q - half, -1, mean), high: clamp(p - q + half, mean, 1) };
}

/** Interval of a − b, two independent estimates. */
export function subtractIntervals(a: Interval, b: Interval): Interval {
  const negated = { mean: -b.mean, low: -b.high, high: -b.low };
  return sumIntervals([
    { factor: 1, interval: a },
    { factor: 1, interval: negated },
  ]);
}

/**
 * Interval of Σ factor·estimate over independent parts from the parts' own intervals: the square-and-add rule
 * (Zou and Donner 2008, Stat. Med. 27, 1693–1702). It keeps the parts' asymmetry, and is the normal interval of a
 * stratified mean where the parts' intervals are normal. Factors are not negative.
 */
export function sumIntervals(parts: readonly { factor: number; interval: Interval }[]): Interval {
  let mean = 0;
  let below = 0;
  let above = 0;
  for (const { factor, interval } of parts) {
    mean += factor * interval.mean;
    below += (factor * (interval.mean - interval.low)) ** 2;
    above += (factor * (interval.high - interval.mean)) ** 2;
  }
  return { mean, low: mean - Math.sqrt(below), high: mean + Math.sqrt(above) };
}
