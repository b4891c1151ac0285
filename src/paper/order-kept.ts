import { type Estimate, overSeeds } from "./statistics.ts";

/** A pipeline under one seed at two sizes of the base. */
export interface TwoSizes {
  seed: number;
  pipeline: number;
  small: number;
  large: number;
}

/** How often two pipelines stand in the same order at both sizes, when the smaller base has them so far apart. */
export interface KeptAtGap {
  from: number;
  to: number;
  /** Pairs of pipelines, over all seeds. */
  pairs: number;
  /** Mean of the seeds' shares. */
  kept: Estimate | null;
}

/** Edges of the gaps that are looked at; the paper's own bound is .05. */
export const gapEdges = [0, 0.02, 0.05, 0.1, 1] as const;

/** Pairs within each seed, by their gap at the small size. A tie at the large size is half a kept order. */
export function orderKept(reads: readonly TwoSizes[], edges: readonly number[] = gapEdges): KeptAtGap[] {
  const seeds = [...new Set(reads.map(({ seed }) => seed))];
  return edges.slice(0, -1).map((from, index) => {
    const to = edges[index + 1] ?? 1;
    const bySeed = seeds.map((seed) => pairsOf(reads.filter((read) => read.seed === seed)).filter(({ gap }) => gap >= from && gap < to));
    const shares = bySeed.filter((pairs) => pairs.length > 0).map((pairs) => pairs.reduce((sum, { kept }) => sum + kept, 0) / pairs.length);
    return { from, to, pairs: bySeed.reduce((sum, pairs) => sum + pairs.length, 0), kept: overSeeds(shares, [0, 1]) };
  });
}

function pairsOf(reads: readonly TwoSizes[]): { gap: number; kept: number }[] {
  return reads.flatMap((a, index) =>
    reads.slice(index + 1).map((b) => {
      const [small, large] = [a.small - b.small, a.large - b.large];
      const isTie = small === 0 || large === 0;
      return { gap: Math.abs(small), kept: isTie ? 0.5 : Math.sign(small) === Math.sign(large) ? 1 : 0 };
    }),
  );
}

/** From this share on an order counts as surviving. */
export const survives = 0.9;

/** The smallest gap from which on every measured gap's order survives; null when none does. */
export function survivingGap(kept: readonly KeptAtGap[]): number | null {
  const measured = kept.filter((each) => each.kept !== null);
  const last = measured.findLastIndex((each) => (each.kept?.mean ?? 0) < survives);
  return measured[last + 1]?.from ?? null;
}
