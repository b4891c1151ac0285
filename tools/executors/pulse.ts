import { join } from "node:path";
import { readIfThere } from "../jobs/attempt-files.ts";
import { HeldFor } from "./held-for.ts";
import type { Attempt } from "./executor.ts";

/** A runner beats every 10 s (`temper_gpu/heartbeat.py`), and a network file system may show a file a minute late. */
export const silenceMs = 120_000;

/**
 * Whether a runner on another host lives, whose process cannot be seen from here: by the heartbeat in its attempt's
 * directory. Only that it changes counts, by this process's monotonic clock: hosts' clocks differ.
 */
export class Pulse {
  readonly #held = new HeldFor();

  /** Milliseconds in which no beat was seen; 0 at the first look. */
  async silentMs({ id, directory }: Pick<Attempt, "id" | "directory">): Promise<number> {
    const beat = await readIfThere(join(directory, "heartbeat"));
    return this.#held.ms(id, beat?.toString("utf8") ?? "none");
  }

  forget(id: string): void {
    this.#held.forget(id);
  }
}
