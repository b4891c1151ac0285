import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { JobLogger } from "#tools/job-context.ts";
import type { ThreadData, ThreadOrder } from "./conductor-thread.ts";

/** A conductor that ended by mistake is started again after so long. */
const restartMs = 5000;

/**
 * Runs the conductor in a thread of its own. Choosing what to do next can take a second of one core; whoever talks to
 * people or answers a probe must not wait for that. Both sides meet in the database only.
 */
export class ConductorHost {
  readonly #data: ThreadData;
  readonly #log: JobLogger;
  readonly #writeLine: (line: string) => void;
  readonly #end = new AbortController();
  #worker: Worker | null = null;

  /** @param writeLine takes the thread's own log lines. */
  constructor(data: ThreadData, log: JobLogger, writeLine: (line: string) => void) {
    this.#data = data;
    this.#log = log;
    this.#writeLine = writeLine;
  }

  /** Comes back when the thread has ended because it was told to. */
  async run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const worker = new Worker(new URL("./conductor-thread.ts", import.meta.url), { workerData: this.#data });
      this.#worker = worker;
      worker.on("message", this.#writeLine);
      worker.on("error", (error) => this.#log.warn({ error }, "The conductor ended by mistake; started again soon."));
      await once(worker, "exit").catch(() => undefined);
      this.#worker = null;
      await sleep(restartMs, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  /** No new trials; `run` comes back when those under way are done. */
  drain(): void {
    this.#tell("drain");
  }

  /** Lets go now; jobs go on by themselves. */
  leave(): void {
    this.#tell("leave");
  }

  #tell(order: ThreadOrder): void {
    this.#end.abort();
    this.#worker?.postMessage(order);
  }
}
