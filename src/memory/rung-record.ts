import { type Action, isFull } from "../action/action.ts";
import { spearman } from "../score/spearman.ts";
import { groupName } from "./effects.ts";

/** Means of one kind of training: below full fidelity, and in full. */
interface Kind {
  low: { count: number; sum: number };
  full: { count: number; sum: number };
  trials: number[];
}

/** How well trainings below full fidelity have told which data helps. */
export interface RungWorth {
  /** Spearman's rank correlation of mean gains, low against full, over kinds of trainings that were done at both. */
  correlation: number;
  kinds: number;
  /** Trials below full fidelity that it rests on, at most 10. */
  trials: number[];
}

const fewestKinds = 3;
const trialsKept = 10;
/** What a low rung is taken to be worth before anything was seen, and how many kinds of trainings that belief weighs. */
const assumedCorrelation = 0.8;
const assumedKinds = 3;
/** A low rung is never quite ignored: it was paid for. */
const leastTrust = 0.1;

/** What trainings at low fidelity have been worth in this run, kept incrementally. */
export class RungRecord {
  readonly #kinds = new Map<string, Kind>();

  /** Takes in a training on one dataset. @param gain of the aggregate score over the parent's. */
  add(action: Action, trial: number, gain: number): void {
    if (action.datasets.length !== 1) return;
    const name = groupName(action.type, action.datasets[0] ?? "");
    const kind = this.#kinds.get(name) ?? { low: { count: 0, sum: 0 }, full: { count: 0, sum: 0 }, trials: [] };
    const means = isFull(action) ? kind.full : kind.low;
    means.count += 1;
    means.sum += gain;
    if (!isFull(action)) kind.trials = [...kind.trials, trial].slice(-trialsKept);
    this.#kinds.set(name, kind);
  }

  /** Null until three kinds of trainings were done at low and at full fidelity. */
  worth(): RungWorth | null {
    const both = [...this.#kinds.values()].filter(({ low, full }) => low.count > 0 && full.count > 0);
    if (both.length < fewestKinds) return null;
    const correlation = spearman(
      both.map(({ low }) => low.sum / low.count),
      both.map(({ full }) => full.sum / full.count),
    );
    return {
      // Without a spread on one side nothing was told.
      correlation: correlation ?? 0,
      kinds: both.length,
      trials: both
        .flatMap(({ trials }) => trials)
        .toSorted((a, b) => a - b)
        .slice(-trialsKept),
    };
  }

  /** The correlation that is counted with, in (0, 1]: what was seen, shrunk towards what is assumed. */
  trust(): number {
    const worth = this.worth();
    const seen = worth === null ? 0 : worth.kinds * Math.max(0, worth.correlation);
    return Math.max(leastTrust, (seen + assumedKinds * assumedCorrelation) / ((worth?.kinds ?? 0) + assumedKinds));
  }
}
