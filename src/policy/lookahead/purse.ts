import { actionTypes } from "../../action/action-types.ts";
import type { PolicyView } from "../policy.ts";
import type { TrainingChoice } from "./candidates.ts";
import type { Layout } from "./layout.ts";

/**
 * What the rest of the budget affords, and what a plan takes of it. Steps count only where they run out before the trials
 * do: a run that is limited by its trials alone is to find the best model, whatever each trial costs. Nothing here is
 * measured in seconds, so that decisions read no clock.
 */
export class Purse {
  readonly #trials: number;
  readonly #steps: { left: number; done: number } | null;
  /** Steps of the run's longest training on one dataset. */
  readonly #full: number;

  constructor({ budget }: Pick<PolicyView, "budget">, full: number) {
    this.#trials = budget.trialsLeft;
    this.#full = full;
    const isScarce = budget.steps !== null && full > 0 && budget.steps.left < budget.trialsLeft * full;
    this.#steps = isScarce ? budget.steps : null;
  }

  static of(view: PolicyView, layout: Layout, choices: readonly TrainingChoice[]): Purse {
    return new Purse(view, Math.max(0, ...choices.map((choice) => stepsOf(choice, layout))));
  }

  /** Whether cost decides: the steps run out before the trials. */
  get isScarce(): boolean {
    return this.#steps !== null;
  }

  /** Trials that can still be run, were each a full training; at least the one that is being chosen. */
  get trialsAfter(): number {
    const affordable = this.#steps === null ? this.#trials : Math.min(this.#trials, Math.ceil(this.#steps.left / this.#full));
    return Math.max(0, affordable - 1);
  }

  /** What a trial of so many steps takes, for people; null where cost does not decide. */
  describe(steps: number): string | null {
    if (this.#steps === null) return null;
    const taken = steps === 0 ? "It takes none" : `It takes ${steps}`;
    return `${taken} of the ${this.#steps.left} steps left; they run out before the trials, so gain per cost decided.`;
  }

  affords(steps: number): boolean {
    return this.#steps === null || steps <= this.#steps.left;
  }

  /**
   * What a gain is worth that so many trials and steps bring: the gain ÷ priceᵃ, where the price is the share of the
   * rest that the plan takes of the cap it takes most of (1 = a full training's), and a the share of the steps that is
   * left. So cost counts most at first and quality alone at the end (cost-cooling: Lee, Perrone, Archambeau, Seeger 2020,
   * arXiv 2003.10870). A loss is the greater the more it costs.
   */
  worth(gain: number, trials: number, steps: number): number {
    if (this.#steps === null) return gain;
    const { left, done } = this.#steps;
    const price = Math.max(trials / this.#trials, steps / left) / Math.max(1 / this.#trials, this.#full / left);
    const weight = price ** (left / (left + done));
    return gain > 0 ? gain / weight : gain * weight;
  }
}

/** Optimiser steps of a training on one dataset. */
export function stepsOf({ group, setting, fidelitySteps }: TrainingChoice, layout: Layout): number {
  const member = layout.groups[group];
  return member === undefined ? 0 : actionTypes[member.type].cost([], [member.dataset], setting).steps * fidelitySteps;
}
