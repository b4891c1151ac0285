import { moments } from "./interval.ts";

/** E[s] / σ of a normal sample of n: c₄(2) = √(2/π), and c₄(n+1) = (n − 1) / n / c₄(n) · √(n / (n − 1)). */
function c4(n: number): number {
  let value = Math.sqrt(2 / Math.PI);
  for (let k = 2; k < n; k++) value = Math.sqrt((k - 1) / k) / value;
  return value;
}

/**
 * Standard deviation of the difference between two trainings of one action that differ in their seed only: √2 · σ, with
 * σ from the repeats, corrected for their small number (s / c₄). Gaps below it are ties; a gap above it is no proof yet,
 * that is what intervals and confirmation are for.
 * @param repeats aggregate scores of one action under different training seeds.
 * @returns null with fewer than two repeats.
 */
export function noiseFloor(repeats: readonly number[]): number | null {
  if (repeats.length < 2) return null;
  return (Math.SQRT2 * moments(repeats).sd) / c4(repeats.length);
}
