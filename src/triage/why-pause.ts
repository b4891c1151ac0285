/** What a trial of an action type came to. */
export interface TypeResult {
  trial: number;
  /** Null for one that made a model. */
  failure: string | null;
  /** How many of its attempts failed in that way. */
  times: number;
}

/** What search finds out and remembers: a learning rate too high, models that do not go together. Several in a row are no finding any more. */
const findings: readonly string[] = ["diverged", "incompatible_models"];
const mostFindings = 5;
const mostErrors = 2;
/** Done to a trial, not by it: a person ended it, or the machine is full and the run stops for that. */
const notCounted: readonly string[] = ["cancelled", "disk_full", "no_permission", "internal_error"];

/** Why an action type should not be tried any more before people have looked. */
export interface PauseReason {
  failure: string;
  trials: number[];
}

/**
 * Whether the same error came twice: in two attempts at the last trial, or in the last two trials of the type.
 * @param results of the type since people were last asked about it, the latest first.
 */
export function whyPause(results: readonly TypeResult[]): PauseReason | null {
  const [last] = results;
  if (last?.failure == null || notCounted.includes(last.failure)) return null;
  const { failure, trial, times } = last;
  const isFinding = findings.includes(failure);
  if (!isFinding && times >= mostErrors) return { failure, trials: [trial] };
  const end = results.findIndex((result) => result.failure !== failure);
  const same = end === -1 ? results : results.slice(0, end);
  const most = isFinding ? mostFindings : mostErrors;
  return same.length < most ? null : { failure, trials: same.map((result) => result.trial).toReversed() };
}
