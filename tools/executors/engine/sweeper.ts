import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "./engine.ts";

/** An engine that does not answer holds nobody up for longer. */
const longestCloseMs = 5000;

/** Milliseconds. */
export interface SweepPatience {
  /** How often the engine is asked for jobs that are long over. */
  sweepMs: number;
  /** How old an attempt's exit record is before its job counts as forgotten, and not as just ending. */
  overMs: number;
}

/**
 * Ends jobs that an engine takes for running though their attempts are over: a slurmctld that dies while a job ends never
 * hears of it, and its books keep the job's devices for as long as the job may run. Knows nothing from before: what an
 * earlier conductor left is found as well.
 */
export class Sweeper {
  readonly #engine: Engine;
  readonly #directory: string;
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> = Promise.resolve();

  /** @param directory Folder that the attempts' directories lie in. */
  constructor(engine: Engine, directory: string, { sweepMs, overMs }: SweepPatience) {
    this.#engine = engine;
    this.#directory = directory;
    this.#timer = setInterval(() => {
      this.#sweeping = this.#sweep(overMs);
    }, sweepMs).unref();
  }

  /** Sweeps once more. What ended just now is swept as well: with its exit record written a runner does nothing more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const last = this.#sweeping.then(() => this.#sweep(0));
    await Promise.race([last, sleep(longestCloseMs, undefined, { ref: false })]);
  }

  async #sweep(overMs: number): Promise<void> {
    try {
      for (const place of await this.#engine.liveBelow(this.#directory)) {
        const endedAt = await stat(join(place.directory, "exit.json")).then(
          ({ mtimeMs }) => mtimeMs,
          () => Number.POSITIVE_INFINITY,
        );
        if (Date.now() - endedAt >= overMs) await this.#engine.end(place);
      }
    } catch {
      // An engine that does not answer is asked again the next time; nothing waits for this.
    }
  }
}
