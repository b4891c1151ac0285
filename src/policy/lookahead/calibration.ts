/** Weight of the assumption that intervals are right, in trials. */
const assumed = 4;
/** What a trial's vote keeps with each later trial: early, ignorant predictions say little about later ones. */
const kept = 0.95;
const narrowest = 0.35;
const widest = 3;

/**
 * How wide prediction intervals should be, from how earlier predictions came out: the factor on the standard deviation is
 * the root mean square of (outcome − prediction) / deviation, each predicted before its outcome was known.
 */
export class Calibration {
  #squares = assumed;
  #weight = assumed;

  /** Takes in a prediction's outcome. */
  add(error: number, deviation: number): void {
    if (!(deviation > 0)) return;
    this.#squares = this.#squares * kept + (error / deviation) ** 2;
    this.#weight = this.#weight * kept + 1;
  }

  get factor(): number {
    return Math.min(widest, Math.max(narrowest, Math.sqrt(this.#squares / this.#weight)));
  }
}
