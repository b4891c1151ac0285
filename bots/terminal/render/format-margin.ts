import { formatScore } from "#src/memory/format-score.ts";

/** `.683 ±.019`: a mean with half the width of its 95 % interval. */
export function formatMargin({ mean, low, high }: { mean: number; low: number; high: number }): string {
  return `${formatScore(mean)} ±${formatScore((high - low) / 2)}`;
}
