/** Share of decisions in which the model may depart from the optimiser at first (arXiv 2603.24647 found about 30 % to be best). */
const firstShare = 0.3;
/** The share that is left to a model whose departures have only cost, and that of one whose have paid. */
const [leastShare, mostShare] = [0.02, 0.5];
/** A mean payoff of minus so much closes the share, one of plus so much doubles it. */
const tellingPayoff = 0.05;
/** Departures without a payoff that every model is believed to have made: one lucky trial proves nothing. */
const assumedDepartures = 2;

/**
 * In how many decisions a language model may depart from the optimiser's first choice. The share follows what departures
 * have paid: the score that came of each, less what the optimiser expected of its own choice.
 */
export class OverrideQuota {
  readonly #departures = new Set<number>();
  readonly #payoffs: number[] = [];

  /** Share of decisions, as far as departures have paid until now. */
  get share(): number {
    const mean = this.#payoffs.reduce((sum, payoff) => sum + payoff, 0) / (this.#payoffs.length + assumedDepartures);
    return Math.min(mostShare, Math.max(leastShare, firstShare * (1 + mean / tellingPayoff)));
  }

  /** Whether this decision may depart. Asking and departing again at the same decision change nothing. */
  isOpen(decision: number): boolean {
    const before = [...this.#departures].filter((departed) => departed < decision).length;
    return before + 1 <= this.share * decision;
  }

  /** Notes that this decision departed. */
  depart(decision: number): void {
    this.#departures.add(decision);
  }

  /** @param payoff Aggregate score of what a departure made, less the optimiser's expectation of its own choice. */
  learn(payoff: number): void {
    this.#payoffs.push(payoff);
  }
}
