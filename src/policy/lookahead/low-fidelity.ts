import { type Action, isFull, isMerge } from "../../action/action.ts";
import { citeTrials } from "../../memory/cite-trials.ts";
import { describeFidelity } from "../../memory/describe-rungs.ts";
import { groupName } from "../../memory/effects.ts";
import { RungRecord } from "../../memory/rung-record.ts";
import type { ObservedTrial } from "../policy.ts";
import type { ArrowRegression, Observation } from "./arrow-regression.ts";

interface LowObservation {
  regression: ArrowRegression;
  seen: Observation;
  change: number;
  /** What it counts in the regression now. */
  weight: number;
}

/** Most observations whose weight is still corrected: screening is a first look, so they are few. */
const mostCorrected = 600;
/** Corrections smaller than this change nothing that matters. */
const leastCorrection = 0.02;

/**
 * How much trainings below full fidelity count in the regressions: the square of what they have been worth in this run
 * (rank correlation with full trainings), that is the share of the variance that they tell. What was counted before is
 * corrected as that becomes known; sums of squares are linear in the weights, so nothing is fitted again.
 */
export class LowFidelity {
  readonly #rungs = new RungRecord();
  /** By `sft × math`: the trials below full fidelity, with their gains; gone once one was done in full. */
  readonly #first = new Map<string, { trial: number; gain: number; action: Action }>();
  readonly #looks: number[] = [];
  readonly #observations: LowObservation[] = [];

  /** Takes in how a training turned out. @param gain of the aggregate score. */
  learn({ action, number }: ObservedTrial, gain: number): void {
    if (isMerge(action.type)) return;
    this.#rungs.add(action, number, gain);
    this.#note(action, number, gain);
    const weight = this.#rungs.trust() ** 2;
    for (const observation of this.#observations) {
      const correction = weight - observation.weight;
      if (Math.abs(correction) < leastCorrection) continue;
      observation.regression.add(observation.seen, observation.change, correction);
      observation.weight = weight;
    }
  }

  /** Why a training goes on with what was seen below full fidelity alone: its rank there, and what such ranks have been worth. */
  describePromotion(action: Action): string | null {
    if (!isFull(action)) return null;
    const seen = action.datasets.flatMap((dataset) => this.#first.get(groupName(action.type, dataset)) ?? []);
    if (seen.length === 0) return null;
    const ranks = seen.map(({ gain }) => `${1 + this.#looks.filter((other) => other > gain).length}`);
    const [first] = seen;
    const at = first === undefined ? "" : describeFidelity(first.action.fidelity);
    const worth = this.#rungs.worth();
    const trusted =
      worth === null
        ? `such ranks are taken to be worth ${this.#rungs.trust().toFixed(2)} until more is known`
        : `such ranks have had a correlation of ${worth.correlation.toFixed(2)} with full trainings over ${worth.kinds} datasets`;
    return `Promoted: with ${at} it came ${ranks.join(" and ")} of ${this.#looks.length} (${citeTrials(seen.map(({ trial }) => trial))}); ${trusted}.`;
  }

  #note(action: Action, trial: number, gain: number): void {
    const [dataset] = action.datasets;
    if (action.datasets.length !== 1 || dataset === undefined) return;
    const name = groupName(action.type, dataset);
    if (isFull(action)) this.#first.delete(name);
    else if (!this.#first.has(name)) {
      this.#first.set(name, { trial, gain, action });
      this.#looks.push(gain);
    }
  }

  /** Adds an observation to its regression with the weight that its fidelity deserves. */
  add(action: Action, regression: ArrowRegression, { seen, change }: Pick<LowObservation, "seen" | "change">): void {
    const weight = isMerge(action.type) || isFull(action) ? 1 : this.#rungs.trust() ** 2;
    regression.add(seen, change, weight);
    if (weight < 1 && this.#observations.length < mostCorrected) this.#observations.push({ regression, seen, change, weight });
  }
}
