/** A finished attempt at a job, as far as it matters for what comes next. */
export interface PastTry {
  /** Why it failed; null when it did not. */
  failure: string | null;
  detail: string;
  /** It left a newer checkpoint than those before it: the next try has less to do. */
  gotFurther: boolean;
}

/** What comes after the tries so far. */
export type NextStep =
  | { kind: "start" }
  /** The same job once more, from its last checkpoint. */
  | { kind: "again"; why: string }
  /** The same job with half the batch and twice the accumulation. */
  | { kind: "halve-batch"; why: string }
  /** The same job with more time, if people say so or the config does. */
  | { kind: "ask"; why: string }
  | { kind: "give-up" };

/** Each is answered in its way, once: the same error twice is no accident any more. All other failures come again, so nothing is tried. */
const answers: Readonly<Record<string, "again" | "halve-batch" | "ask">> = {
  lost: "again",
  crashed: "again",
  bad_reply: "again",
  out_of_memory: "halve-batch",
  timeout: "ask",
};
const answersEach = 1;
/** A job that gets further with every try may be preempted this often. */
const mostWithProgress = 20;

/**
 * Decides what to do about a job from its history, oldest first. Reads nothing else, so that a conductor that takes a
 * trial over decides as the one before it.
 */
export function decideNext(history: readonly PastTry[]): NextStep {
  const last = history.at(-1);
  if (last?.failure == null) return { kind: "start" };
  const { failure, detail } = last;
  const kind = answers[failure];
  if (kind === undefined) return { kind: "give-up" };
  const same = history.filter((past) => past.failure === failure);
  const said = `${failure.replaceAll("_", " ")} (${detail.replace(/\.$/, "")})`;
  if (kind === "again" && last.gotFurther && same.length <= mostWithProgress) {
    return { kind, why: `${said}: on from its last checkpoint, time ${same.length} of at most ${mostWithProgress}` };
  }
  const counted = kind === "again" ? same.filter((past) => !past.gotFurther) : same;
  if (counted.length > answersEach) return { kind: "give-up" };
  const step = { again: "once more", "halve-batch": "once more with half the batch", ask: "once more with more time" }[kind];
  return { kind, why: `${said}: ${step}` };
}
