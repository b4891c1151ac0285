import type { Fault } from "#tools/executors/scripted/behaviour.ts";

/** A failure of a training that is made to happen each time, and what has to follow. */
export interface InducedFailure {
  name: string;
  /** What the fixture script does. */
  behaviour: string;
  fault: Fault;
  /** Whether the runner is killed while the script works. */
  killsRunner: boolean;
  /** Whether the attempt's time limit is a second or two. */
  isShort: boolean;
  /** The step that is stated for it: an event, or a question about the trial. */
  step: "retry" | "question";
  says: RegExp;
  failure: string;
}

const base = { killsRunner: false, isShort: false } as const;

/** Each failure that has an answer in `src/triage/decide-next.ts`. */
export const inducedFailures: readonly InducedFailure[] = [
  {
    ...base,
    name: "out of memory",
    behaviour: "no_memory",
    fault: "out-of-memory",
    step: "retry",
    says: /out of memory \(.*\): once more with half the batch/,
    failure: "out_of_memory",
  },
  {
    ...base,
    name: "time limit",
    behaviour: "sleep",
    fault: "timeout",
    isShort: true,
    step: "question",
    says: /it needs more time: /,
    failure: "timeout",
  },
  {
    ...base,
    name: "node lost",
    behaviour: "sleep",
    fault: "lose",
    killsRunner: true,
    step: "retry",
    says: /lost \(.*\): once more/,
    failure: "lost",
  },
  { ...base, name: "crash", behaviour: "crash", fault: "crash", step: "retry", says: /crashed \(.*\): once more/, failure: "crashed" },
];
