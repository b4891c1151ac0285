import type { Estimate } from "../store/store.ts";

/** Room above the p90 that was approved (design: "the approved p90 × 1.25 is the job's time limit"). */
export const overrun = 1.25;

/**
 * Nothing is stopped before a minute: a cold start imports torch for 8–14 s, which a busy machine stretched to 2.7
 * times as much (38 s), and a limit below that would stop jobs that cost next to nothing.
 */
const shortestSeconds = 60;

/** Wall-clock limit of a job, from the estimate that was admitted or, where people approved one, from that. */
export function timeLimitSeconds(estimate: Estimate): number {
  return Math.max(shortestSeconds, estimate.wallSecondsP90 * overrun);
}
