import { performance } from "node:perf_hooks";
import type { Changes } from "#src/store/changes.ts";

/** Shortest time between two looks, however much happens: a look takes some 10 ms. */
const shortestLookMs = 25;
/** Where changes are told, polling is there only for what was missed: so much more seldom. */
const pollsSaved = 8;

/** When it is time to look at what others did: every so often, and soon after something was told. */
export class LookTimer {
  readonly #pollMs: number;
  readonly #changes: Changes;
  #last = Number.NEGATIVE_INFINITY;
  /** Something happened that is worth a look before it is time. */
  #isHurried = false;

  constructor(pollMs: number, changes: Changes) {
    this.#pollMs = pollMs;
    this.#changes = changes;
  }

  /** Milliseconds until the next look; none are left when this is 0 or less. */
  get msLeft(): number {
    const regularMs = this.#changes.isLive ? this.#pollMs * pollsSaved : this.#pollMs;
    return this.#last + (this.#isHurried ? Math.min(shortestLookMs, this.#pollMs) : regularMs) - performance.now();
  }

  /** A look begins now. */
  begin(): void {
    this.#last = performance.now();
    this.#isHurried = false;
  }

  /** Has the next look come soon. */
  hurry(): void {
    this.#isHurried = true;
  }
}
