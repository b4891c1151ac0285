import type { Rng } from "../policy/rng.ts";

/** Number of k-subsets of n things, exactly. */
export function binomial(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let result = 1n;
  for (let i = 1; i <= Math.min(k, n - k); i++) result = (result * BigInt(n - i + 1)) / BigInt(i);
  return result;
}

/** All k-subsets in lexicographic order of their places, one at a time. */
export function* subsets<T>(items: readonly T[], k: number, from = 0): Generator<T[]> {
  if (k === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - k; i++) {
    const item = items[i];
    if (item === undefined) return;
    for (const rest of subsets(items, k - 1, i + 1)) yield [item, ...rest];
  }
}

/** A uniform k-subset in the order of `items` (Floyd's algorithm: k draws whatever the number of items). */
export function sampleSubset<T>(items: readonly T[], k: number, rng: Rng): T[] {
  const chosen = new Set<number>();
  for (let last = items.length - k; last < items.length; last++) {
    const place = rng.below(last + 1);
    chosen.add(chosen.has(place) ? last : place);
  }
  return [...chosen].toSorted((a, b) => a - b).flatMap((place) => items.slice(place, place + 1));
}

/** Distinct orders of a list of numbers, in lexicographic order: `[1, 1, 2]` has three. */
export function distinctOrders(values: readonly number[]): number[][] {
  if (values.length === 0) return [[]];
  const sorted = values.toSorted((a, b) => a - b);
  return sorted.flatMap((value, index) =>
    value === sorted[index - 1] ? [] : distinctOrders(sorted.toSpliced(index, 1)).map((rest) => [value, ...rest]),
  );
}
