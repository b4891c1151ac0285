/** Share of decisions in which the model may override the optimiser (arXiv 2603.24647 found about 30 % to be best). */
const overrideShare = 0.3;

/** Counts how often the model left the optimiser's short list, and says whether it may do so again. */
export class OverrideQuota {
  #decisions = 0;
  #overrides = 0;

  get isOpen(): boolean {
    return this.#overrides + 1 <= overrideShare * (this.#decisions + 1);
  }

  count(wasOverride: boolean): void {
    this.#decisions += 1;
    if (wasOverride) this.#overrides += 1;
  }
}
