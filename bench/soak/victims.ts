import { setTimeout as sleep } from "node:timers/promises";
import type { Rng } from "#src/policy/rng.ts";
import type { Job } from "#src/store/store.ts";
import type { Cluster } from "#tests/engines/cluster.ts";
import type { Started } from "../kills/start-conductor.ts";
import { findRunner, findScript, findWorker } from "../kills/victims.ts";
import type { OwnPostgres } from "#tests/fixtures/own-postgres.ts";

/** What of a run is there to be struck. */
export interface Scene {
  home: string;
  conductor: Started;
  /** A live job that has lost no try yet, drawn afresh for each blow; undefined while there is none. */
  job: Job | undefined;
}

/** Something that is killed now and then. */
export interface Victim {
  name: string;
  /** How often in a leg. */
  times: number;
  /** Whose try a blow may cost. What is struck twice is given up by triage, and rightly so. */
  costs: "nothing" | "the job" | "every job";
  /** SIGKILLs it; returns what was killed, null while it is not there. */
  strike(scene: Scene): Promise<string | null>;
  /** Rejects when it cannot be brought back. */
  failed?: Promise<never>;
  /** Looks after what is back. */
  tend?(): Promise<void>;
  /** Resolves when what is on its way back is up. */
  settled?(): Promise<void>;
}

function slay(pid: number | null): string | null {
  if (pid === null) return null;
  try {
    process.kill(pid, "SIGKILL");
    return `pid ${pid}`;
  } catch {
    return null;
  }
}

/** The conductor; whoever watches starts it again. */
export const conductor = (times: number): Victim => ({
  name: "conductor",
  times,
  costs: "nothing",
  strike: async ({ conductor: { hasEnded, pid, gone } }) => {
    const slain = hasEnded ? null : slay(pid);
    if (slain !== null) await gone;
    return slain;
  },
});

/** The warm worker of the local executor. */
export const worker = (times: number): Victim => ({
  name: "worker",
  times,
  costs: "nothing",
  strike: async ({ home }) => slay(await findWorker(home)),
});

/** The runner of a job. */
export const runner = (times: number): Victim => ({
  name: "runner",
  times,
  costs: "the job",
  strike: async ({ job }) => (job === undefined ? null : slay(await findRunner(job))),
});

/** The script that a job's runner has started. */
export const script = (times: number): Victim => ({
  name: "script",
  times,
  costs: "the job",
  strike: async ({ job }) => {
    const pid = job === undefined ? null : await findRunner(job);
    return pid === null ? null : slay(await findScript(pid));
  },
});

/** A process of PostgreSQL that serves a client: the server then ends all others, too, and recovers from its log. */
export const backend = (times: number, postgres: OwnPostgres, rng: Rng): Victim => ({
  name: "postgres backend",
  times,
  costs: "nothing",
  strike: async () => {
    const pids = await postgres.backends();
    return pids.length === 0 ? null : slay(rng.pick(pids));
  },
});

/** Seconds that an engine's head is away for, beside its own start. */
const away = { least: 1, most: 4 };
const upTries = 3;

/** The head of an engine: killed, and some seconds later started again while everything else goes on. */
export class Head implements Victim {
  readonly name: string;
  readonly times: number;
  /** A job that the head had not saved, or that it takes for an orphan when it is back, is lost. */
  readonly costs = "every job";
  readonly failed: Promise<never>;
  readonly #cluster: Cluster;
  readonly #rng: Rng;
  readonly #tendMs: number | null;
  readonly #fail: (error: unknown) => void;
  #returning: Promise<void> | null = null;
  #tendedAt = performance.now();

  /** @param tendMs How often somebody looks after the engine while nothing is killed: a Slurm node may need to be resumed. */
  constructor(name: string, times: number, { cluster, rng, tendMs }: { cluster: Cluster; rng: Rng; tendMs: number | null }) {
    const { promise, reject } = Promise.withResolvers<never>();
    // Whoever waits for it hears of it; without that it must not end the process.
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
    this.name = name;
    this.times = times;
    this.#cluster = cluster;
    this.#rng = rng;
    this.#tendMs = tendMs;
  }

  async strike(): Promise<string | null> {
    if (this.#returning !== null) return null;
    await this.#cluster.killHead();
    const seconds = away.least + this.#rng.uniform() * (away.most - away.least);
    this.#comeBack(1000 * seconds);
    return `to be started again in ${seconds.toFixed(1)} s`;
  }

  async tend(): Promise<void> {
    if (this.#returning !== null || this.#tendMs === null || performance.now() - this.#tendedAt < this.#tendMs) return;
    this.#comeBack(0);
  }

  /** Resolves when it is up, if it is on its way. */
  async settled(): Promise<void> {
    await this.#returning;
  }

  #comeBack(afterMs: number): void {
    this.#returning = this.#start(afterMs).then(
      () => {
        this.#returning = null;
        this.#tendedAt = performance.now();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  async #start(afterMs: number): Promise<void> {
    await sleep(afterMs);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#cluster.up();
      } catch (error) {
        // A busy machine may be too slow for an engine's own limits.
        if (tries >= upTries) throw error;
      }
    }
  }
}
