import { performance } from "node:perf_hooks";

/** Remembers since when something has been said of an attempt, by the monotonic clock: a clock that jumps ends no job. */
export class HeldFor {
  readonly #since = new Map<string, { what: string; at: number }>();

  /** Milliseconds since this was first said of the attempt, with nothing else said in between. */
  ms(id: string, what: string): number {
    const known = this.#since.get(id);
    if (known?.what === what) return performance.now() - known.at;
    this.#since.set(id, { what, at: performance.now() });
    return 0;
  }

  forget(id: string): void {
    this.#since.delete(id);
  }
}
