import type { RunConfig } from "#src/config/run-config.ts";
import { learntCostModel } from "#src/budget/learnt-cost-model.ts";
import type { Store } from "#src/store/store.ts";
import type { Executor } from "#tools/executors/executor.ts";
import type { JobContext, JobLogger } from "#tools/job-context.ts";
import type { Agents } from "../agents/agents.ts";
import { createAgents } from "../agents/create-agents.ts";
import { createRuleAgents } from "../agents/rule-agents.ts";
import type { DiscoveryContext, RunDesk } from "../discovery/context.ts";
import { createJobTools } from "../discovery/job-tools.ts";
import { openCheckpointer, type Checkpointer } from "./checkpointer.ts";
import type { FollowEnd, FollowOptions } from "./follow.ts";
import { createHolder, type Holder } from "./holder.ts";
import { findPool } from "./find-pool.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { RunDriver } from "./run-driver.ts";
import { runById } from "./run-by-id.ts";
import { RunView } from "./run-view.ts";
import type { DevicePool } from "./seat.ts";
import { TrialThreads } from "./trial-threads.ts";
import { Turns } from "./turns.ts";

/** What a conductor stands on. */
export interface ConductorOptions {
  store: Store;
  /** Absolute path of the home. */
  home: string;
  executor: Executor;
  /** Set when the store is PostgreSQL: checkpoints then stand beside it. */
  databaseUrl?: string;
  /** Checkpoints of the caller's own; closed with the conductor. */
  checkpointer?: Checkpointer;
  now?: () => Date;
  log?: JobLogger;
  /** Environment that holds the keys of language models. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Plays the roles; default: language models where the config has them, else rules and an optimiser. */
  agents?: (config: RunConfig, runId: string) => Agents;
  holder?: Holder;
  /** What the jobs run on; default: this host's device slots for the local executor, else whatever the engine has. */
  pool?: DevicePool;
  pollMs?: number;
}

const silent: JobLogger = { info: () => undefined, warn: () => undefined };

/**
 * The process that advances trials: it takes their leases, drives their graphs, and survives being killed. Several may
 * serve one home, and one may follow several runs.
 */
export class Conductor {
  readonly #options: ConductorOptions;
  readonly #leases: LeaseKeeper;
  readonly #desks = new Map<string, Promise<RunDesk>>();
  #opened: Promise<{ context: DiscoveryContext; threads: TrialThreads; checkpointer: Checkpointer }> | null = null;

  constructor(options: ConductorOptions) {
    this.#options = options;
    this.#leases = new LeaseKeeper(options.store, options.holder ?? createHolder(), () => this.#now().getTime());
  }

  /** Drives a run until it is over, or until this conductor is asked to let go of it. */
  async follow(runId: string, options: FollowOptions = {}): Promise<FollowEnd> {
    const { context, threads } = await this.#open();
    const pool = this.#options.pool ?? (await findPool(this.#options.store, this.#options.executor));
    const driver = new RunDriver({ context, threads, pool, leases: this.#leases, pollMs: this.#options.pollMs ?? 250 }, runId, options);
    return driver.follow();
  }

  /** What its graphs run on: `finalizeRun` and `replayRecipe` take it. */
  async open(): Promise<{ context: DiscoveryContext; threads: TrialThreads }> {
    return this.#open();
  }

  /** Lets go of checkpoints and heartbeat; the store and the executor belong to the caller. */
  async close(): Promise<void> {
    this.#leases.stop();
    if (this.#opened !== null) await (await this.#opened).checkpointer.close();
    this.#opened = null;
  }

  #now(): Date {
    return this.#options.now?.() ?? new Date();
  }

  #open() {
    this.#opened ??= this.#start();
    return this.#opened;
  }

  async #start() {
    const { store, home, executor, databaseUrl, log = silent } = this.#options;
    const costModel = await learntCostModel(store, executor.device.kind);
    const jobs: JobContext = { store, executor, home, costModel, now: () => this.#now(), log };
    const context: DiscoveryContext = {
      store,
      jobs,
      runJob: createJobTools(jobs),
      outcomes: new Map(),
      desk: (runId) => this.#desk(runId),
      now: () => this.#now(),
    };
    const checkpointer = this.#options.checkpointer ?? (await openCheckpointer(databaseUrl === undefined ? { home } : { databaseUrl }));
    this.#leases.start((error) => log.warn({ error }, "The leases could not be renewed; another conductor may take over."));
    return { context, checkpointer, threads: new TrialThreads(async () => context, checkpointer.saver) };
  }

  /** A run's desk; opened anew when objects or tasks joined the run that the view has no place for. */
  async #desk(runId: string): Promise<RunDesk> {
    for (;;) {
      const known = this.#desks.get(runId) ?? this.#keepDesk(runId, new Turns());
      const desk = await known;
      if (!desk.view.isOutgrown) return desk;
      if (this.#desks.get(runId) === known) await this.#keepDesk(runId, desk.turns);
    }
  }

  #keepDesk(runId: string, turns: Turns): Promise<RunDesk> {
    const opened = this.#openDesk(runId, turns);
    this.#desks.set(runId, opened);
    // A desk that could not be opened is tried anew.
    opened.catch(() => this.#desks.delete(runId));
    return opened;
  }

  async #openDesk(runId: string, turns: Turns): Promise<RunDesk> {
    const { store } = this.#options;
    const agents = this.#agentsOf((await runById(store, runId)).config, runId);
    return { view: await RunView.open(store, runId, agents.policy), agents, turns };
  }

  #agentsOf(config: RunConfig, runId: string): Agents {
    const { store, env = {}, agents } = this.#options;
    if (agents !== undefined) return agents(config, runId);
    return createAgents({ config, runId, store, env, now: () => this.#now() }) ?? createRuleAgents(config);
  }
}
