/** How to follow a run. */
export interface FollowOptions {
  /** Aborted: no new trials; those under way are finished first. */
  signal?: AbortSignal;
  /** Aborted: return now; jobs go on by themselves and are adopted at the next start. */
  leave?: AbortSignal;
  /** Return when nothing is left to do but wait for people. */
  leaveWhenWaiting?: boolean;
}

/**
 * Why `follow` came back: the run is over; this conductor was asked to take no new trials and has none left; it was
 * asked to leave at once; or only answers of people are waited for.
 */
export type FollowEnd = "ended" | "drained" | "left" | "waiting";
