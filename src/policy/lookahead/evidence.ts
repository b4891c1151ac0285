import type { Action } from "../../action/action.ts";
import { groupName } from "../../memory/effects.ts";
import type { ObservedTrial } from "../policy.ts";

const trialsKept = 10;

/** Which trials speak for a kind of action, and how often it failed. */
export class Evidence {
  readonly #known = new Set<string>();
  readonly #trials = new Map<string, number[]>();
  #failures = 0;
  readonly #attempts = new Map<string, { count: number; failed: number }>();

  /** Counts a finished trial. */
  add(trial: ObservedTrial): void {
    const { action } = trial;
    this.#known.add(evidenceName(action));
    const attempts = this.#attempts.get(attemptName(action)) ?? { count: 0, failed: 0 };
    attempts.count += 1;
    if (trial.scores === null) {
      attempts.failed += 1;
      this.#failures += 1;
    }
    this.#attempts.set(attemptName(action), attempts);
    if (trial.scores === null) return;
    const name = evidenceName(action);
    this.#trials.set(name, [...(this.#trials.get(name) ?? []), trial.number].slice(-trialsKept));
  }

  /** The latest finished trials of the same type on the same data, or of the same merge type. */
  trials(action: Action): number[] {
    return this.#trials.get(evidenceName(action)) ?? [];
  }

  /** Whether such an action was tried at all, also when it failed. */
  isKnown(action: Action): boolean {
    return this.#known.has(evidenceName(action));
  }

  /** Expected share of failures among such actions, with one success assumed beforehand. */
  failureRate(action: Action): number {
    if (this.#failures === 0) return 0;
    const attempts = this.#attempts.get(attemptName(action));
    return attempts === undefined ? 0 : attempts.failed / (attempts.count + 1);
  }
}

/** `sft × common`, or `merge_ties`: what a sentence calls the evidence. */
export function evidenceName(action: Action): string {
  return action.datasets.length === 0 ? action.type : groupName(action.type, action.datasets.join(" + "));
}

/** Failures such as running out of memory hang on the setting, not on the parent. */
function attemptName(action: Action): string {
  return `${evidenceName(action)} ${JSON.stringify(action.setting)}`;
}
