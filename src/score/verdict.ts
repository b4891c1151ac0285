import type { Measured } from "./evaluation.ts";

/** What a comparison says: ahead or behind where the whole interval lies on one side of 0, else a tie. */
export type Verdict = "ahead" | "tie" | "behind";

/**
 * Reads a comparison. A gap under the noise floor is a tie as well; leave the floor out where the interval counts the
 * training seeds itself.
 */
export function verdictOf({ mean, low, high }: Measured, noiseFloor: number | null = null): Verdict {
  if (noiseFloor !== null && Math.abs(mean) < noiseFloor) return "tie";
  if (low > 0) return "ahead";
  return high < 0 ? "behind" : "tie";
}
