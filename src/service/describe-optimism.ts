import { formatScore } from "../memory/format-score.ts";

/** Below this a score that is written with three digits does not change. */
const smallest = 0.0005;

/**
 * `is expected to be .012 too optimistic`, said of a score that was the best of several. The estimate draws at random, and may
 * come out at nothing or less: then no optimism is expected, and the estimate stands beside it.
 */
export function describeOptimism(optimism: number, verb: "is" | "was" = "is"): string {
  if (optimism >= smallest) return `${verb} expected to be ${formatScore(optimism)} too optimistic`;
  return `${verb} not expected to be too optimistic (estimate ${formatScore(optimism)})`;
}
