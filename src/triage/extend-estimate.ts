import type { Estimate } from "../store/store.ts";

/** A try that ended at its time limit. */
export interface TimedOut {
  /** How long it ran. */
  seconds: number;
  /** Share of its work that was done then, in (0, 1); null when it did not say. */
  share: number | null;
}

/** Without a word of how far it was, twice the time is the guess; and nobody wants to be asked a third time for a little more. */
const blindFactor = 2;
const margin = 1.2;

/** The estimate of a job that ran into its time limit: what the time so far says of the rest, if that is more than was thought. */
export function extendEstimate(estimate: Estimate, { seconds, share }: TimedOut): Estimate {
  const wholeSeconds = seconds * Math.max(margin, share === null ? blindFactor : margin / share);
  if (wholeSeconds <= estimate.wallSecondsP90) return estimate;
  const factor = estimate.wallSecondsP90 > 0 ? wholeSeconds / estimate.wallSecondsP90 : 1;
  const done = share === null ? "" : ` with ${Math.floor(share * 100)} % done`;
  return {
    deviceHoursP50: Math.max(estimate.deviceHoursP50, (estimate.deviceHoursP90 * factor) / margin),
    deviceHoursP90: estimate.deviceHoursP90 * factor,
    usdP50: Math.max(estimate.usdP50, (estimate.usdP90 * factor) / margin),
    usdP90: estimate.usdP90 * factor,
    wallSecondsP90: wholeSeconds,
    basis: `a try that ended after ${Math.round(seconds)} s${done}`,
  };
}
