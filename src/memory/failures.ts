import type { ObservedTrial } from "../policy/policy.ts";
import type { MemoryVersion } from "./memory.ts";

const reasonsKept = 20;
const trialsKept = 10;

/** What went wrong, by reason, updated in constant time. */
export class FailureTable {
  readonly #tallies = new Map<string, { reason: string; count: number; trials: number[] }>();

  /** Counts a trial that failed; others are passed over. */
  add(trial: ObservedTrial): void {
    if (trial.failure === null) return;
    const tally = this.#tallies.get(trial.failure) ?? { reason: trial.failure, count: 0, trials: [] };
    tally.count += 1;
    tally.trials = [...tally.trials, trial.number].slice(-trialsKept);
    this.#tallies.set(trial.failure, tally);
    if (this.#tallies.size > reasonsKept) this.#dropRarest();
  }

  /** The most frequent reasons first. */
  top(limit = reasonsKept): MemoryVersion["failures"] {
    return [...this.#tallies.values()]
      .toSorted((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1))
      .slice(0, limit)
      .map((tally) => ({ ...tally, trials: [...tally.trials] }));
  }

  #dropRarest(): void {
    const rarest = this.top(Number.POSITIVE_INFINITY).at(-1);
    if (rarest !== undefined) this.#tallies.delete(rarest.reason);
  }
}
