import { formatChange, formatScore } from "../memory/format-score.ts";
import { type Interval, meanInterval, wilson } from "../score/interval.ts";
import type { Basis, Read, Row } from "./results.ts";

/** A mean over seeds; one seed has no interval. */
export interface Estimate {
  mean: number;
  interval: Pick<Interval, "low" | "high"> | null;
  seeds: number;
}

/** Mean with Student's t interval over seeds, null for no seed. @param range the interval is cut to it. */
export function overSeeds(values: readonly number[], [least, most]: readonly [number, number] = [-Infinity, Infinity]): Estimate | null {
  if (values.length === 0) return null;
  const { mean, low, high } = meanInterval(values);
  const interval = values.length < 2 ? null : { low: Math.max(least, low), high: Math.min(most, high) };
  return { mean, interval, seeds: values.length };
}

/** Share of seeds for which something holds, with Wilson's interval. */
export function shareOfSeeds(outcomes: readonly boolean[]): Estimate | null {
  if (outcomes.length === 0) return null;
  const { mean, low, high } = wilson(outcomes.filter(Boolean).length / outcomes.length, outcomes.length);
  return { mean, interval: { low, high }, seeds: outcomes.length };
}

type Split = "search" | "final";

/** Weighted mean over tasks of one read. */
export function aggregateOf({ tasks }: Pick<Basis, "tasks">, scores: Read[Split]): number {
  return tasks.reduce((sum, { id, weight }) => sum + weight * (scores[id] ?? 0), 0);
}

/** A row's score over its seeds: of one task, or the weighted mean of all. */
export function scoreOf(basis: Basis, { reads }: Row, { split, task }: { split: Split; task?: string }): Estimate | null {
  const scores = reads.map((read) => (task === undefined ? aggregateOf(basis, read[split]) : (read[split][task] ?? 0)));
  return overSeeds(scores, [0, 1]);
}

/** `a` minus `b` on `final`, paired by seed, over the seeds that both have. */
export function differenceOf(basis: Basis, a: Row, b: Row, task?: string): Estimate | null {
  const valueOf = ({ final }: Read) => (task === undefined ? aggregateOf(basis, final) : (final[task] ?? 0));
  const others = new Map(b.reads.map((read) => [read.seed, valueOf(read)]));
  return overSeeds(
    a.reads.flatMap((read) => {
      const other = others.get(read.seed);
      return other === undefined ? [] : [valueOf(read) - other];
    }),
    [-1, 1],
  );
}

/** `.704 [.672, .736]`; `–` where nothing was measured. */
export function formatEstimate(estimate: Estimate | null, format = formatScore): string {
  if (estimate === null) return "–";
  const { mean, interval } = estimate;
  return interval === null ? `${format(mean)} (one seed)` : `${format(mean)} [${format(interval.low)}, ${format(interval.high)}]`;
}

/** `+.021 [−.004, +.046]`. */
export function formatDifference(estimate: Estimate | null): string {
  return formatEstimate(estimate, formatChange);
}
