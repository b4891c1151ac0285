import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { createHolder } from "#graphs/conductor/holder.ts";
import { LeaseKeeper } from "#graphs/conductor/lease-keeper.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Executor } from "#tools/executors/executor.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { openExecutor } from "../terminal/open-executor.ts";

/** What runs are driven with. */
export interface RunKeeperOptions {
  store: Store;
  /** Absolute path of the home. */
  home: string;
  databaseUrl: string | undefined;
  env: Readonly<Record<string, string | undefined>>;
  log: JobLogger;
  now(): Date;
}

interface OpenedConductor {
  conductor: Conductor;
  executor: Executor;
}

/** How often it looks for runs that nobody drives. */
const lookEveryMs = 500;
/** A run that could not be driven is left alone for so long. */
const restMs = 15_000;

/**
 * Name of the lease that the process which drives a run holds. Hosts that share a PostgreSQL database drive a run
 * together, one process each: the conductors share its lanes out among themselves.
 */
function driverResource({ dialect }: Store, runId: string): string {
  return dialect === "postgres" ? `conductor:${runId}:${hostname()}` : `conductor:${runId}`;
}

/** Drives all runs of a home that go on and that no other process drives, until it is told to let go. */
export class RunKeeper {
  readonly #options: RunKeeperOptions;
  readonly #leases: LeaseKeeper;
  readonly #driven = new Map<string, Promise<void>>();
  /** One for each executor that runs ask for: those of one kind share devices and worker. */
  readonly #conductors = new Map<string, Promise<OpenedConductor>>();
  readonly #drain = new AbortController();
  readonly #leave = new AbortController();

  constructor(options: RunKeeperOptions) {
    this.#options = options;
    this.#leases = new LeaseKeeper(options.store, createHolder(), () => options.now().getTime());
  }

  /** Takes no new trials; `run` comes back when those under way are done. */
  drain(): void {
    this.#drain.abort();
  }

  /** Lets go now: jobs go on by themselves and are adopted at the next start. */
  leave(): void {
    this.#drain.abort();
    this.#leave.abort();
  }

  /** Looks and drives until it is drained or told to leave. */
  async run(): Promise<void> {
    const { log } = this.#options;
    this.#leases.start((error) => log.warn({ error }, "The leases could not be renewed; another process may take over."));
    try {
      while (!this.#drain.signal.aborted) {
        await this.#look().catch((error: unknown) => log.warn({ error }, "The runs could not be looked at; tried again soon."));
        await this.#wait(lookEveryMs);
      }
      await Promise.all(this.#driven.values());
    } finally {
      this.#leases.stop();
      for (const opened of this.#conductors.values()) await close(opened);
    }
  }

  async #look(): Promise<void> {
    for (const run of await this.#options.store.runs.list()) {
      if (run.endedAt !== null || this.#driven.has(run.id) || this.#drain.signal.aborted) continue;
      if (await this.#leases.acquire(driverResource(this.#options.store, run.id))) this.#driven.set(run.id, this.#drive(run));
    }
  }

  async #drive(run: Run): Promise<void> {
    const { log } = this.#options;
    try {
      const { conductor } = await this.#conductorOf(run.config);
      log.info({ run: run.id }, `Drives ${run.name}.`);
      const end = await conductor.follow(run.id, { signal: this.#drain.signal, leave: this.#leave.signal });
      log.info({ run: run.id, end }, `Let go of ${run.name}: ${end}.`);
    } catch (error) {
      log.warn({ run: run.id, error }, `${run.name} could not be driven; tried again soon.`);
      await this.#wait(restMs);
    } finally {
      await this.#leases.release(driverResource(this.#options.store, run.id));
      this.#driven.delete(run.id);
    }
  }

  #conductorOf(config: RunConfig): Promise<OpenedConductor> {
    const { lanes: _lanes, ...kind } = config.executor;
    const name = JSON.stringify(kind);
    const known = this.#conductors.get(name);
    if (known !== undefined) return known;
    const opened = this.#openConductor(config);
    this.#conductors.set(name, opened);
    opened.catch(() => this.#conductors.delete(name));
    return opened;
  }

  async #openConductor(config: RunConfig): Promise<OpenedConductor> {
    const { store, home, databaseUrl, env, log, now } = this.#options;
    const executor = await openExecutor({ store, home }, config);
    const conductor = new Conductor({ store, home, executor, env, log, now, ...(databaseUrl === undefined ? {} : { databaseUrl }) });
    return { conductor, executor };
  }

  async #wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#drain.signal }).catch(() => undefined);
  }
}

async function close(opened: Promise<OpenedConductor>): Promise<void> {
  const { conductor, executor } = await opened;
  await conductor.close();
  await executor.close();
}
