import type { Kysely } from "kysely";
import { createApprovalVotes } from "./approval-votes.ts";
import { createApprovals } from "./approvals.ts";
import type { Changes } from "./changes.ts";
import { createConductors } from "./conductors.ts";
import { createCommands } from "./commands.ts";
import type { Database } from "./database.ts";
import { createDecisions } from "./decisions.ts";
import { createDevices } from "./devices.ts";
import { createDirectives } from "./directives.ts";
import { createEvaluations } from "./evaluations.ts";
import { createEvents } from "./events.ts";
import { createJobs } from "./jobs.ts";
import { createLeases } from "./leases.ts";
import { createLlmCalls } from "./llm-calls.ts";
import { createMemories } from "./memories.ts";
import { createMessages } from "./messages.ts";
import { createObjects } from "./objects.ts";
import { createPins } from "./pins.ts";
import { createProposals } from "./proposals.ts";
import { createStandingApprovals } from "./standing-approvals.ts";
import { createPlans } from "./plans.ts";
import { createRuns } from "./runs.ts";
import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";
import { TransactionGuard } from "./transaction-guard.ts";
import { createTrials } from "./trials.ts";

interface Connection {
  db: Kysely<Database>;
  dialect: Store["dialect"];
  now: () => Date;
  /** Lets go of the file or the pool: Kysely does it only after a first query. */
  release: () => Promise<void>;
  /** Does a transaction anew that was lost with its connection; none is on a file. */
  outlive?: <T>(work: () => Promise<T>) => Promise<T>;
  changes: Changes;
}

/** The store on an open, migrated database. */
export function createStore({ db, dialect, now, release, changes, outlive = (work) => work() }: Connection): Store {
  const clock = () => now().toISOString();
  const guard = new TransactionGuard();

  /**
   * Transactions run one after the other on both back ends: SQLite has one writer anyway, and on PostgreSQL the dialect
   * takes a lock with each. What a transaction read is then still true when it writes (caps, free slots), no two can deadlock,
   * and events become visible in the order of their ids.
   */
  const begin = async <T>(work: (transaction: Kysely<Database>) => Promise<T>): Promise<T> => {
    guard.check();
    return outlive(() => db.transaction().execute((transaction) => guard.run(() => work(transaction))));
  };

  const inTransaction = (transaction: Kysely<Database>): Store => {
    const context: StoreContext = { db: transaction, dialect, now: clock, atomically: (work) => work(transaction) };
    const store: Store = {
      dialect,
      changes,
      ...createParts(context),
      transaction: (work) => work(store),
      close: async () => {},
    };
    return store;
  };

  return {
    dialect,
    changes,
    ...createParts({ db: db.withPlugin(guard), dialect, now: clock, atomically: begin }),
    transaction: (work) => begin((transaction) => work(inTransaction(transaction))),
    close: async () => {
      await db.destroy();
      await release();
    },
  };
}

function createParts(context: StoreContext): Omit<Store, "dialect" | "changes" | "transaction" | "close"> {
  return {
    runs: createRuns(context),
    objects: createObjects(context),
    trials: createTrials(context),
    decisions: createDecisions(context),
    evaluations: createEvaluations(context),
    memories: createMemories(context),
    plans: createPlans(context),
    directives: createDirectives(context),
    approvals: createApprovals(context),
    jobs: createJobs(context),
    devices: createDevices(context),
    leases: createLeases(context),
    commands: createCommands(context),
    events: createEvents(context),
    llmCalls: createLlmCalls(context),
    messages: createMessages(context),
    pins: createPins(context),
    proposals: createProposals(context),
    approvalVotes: createApprovalVotes(context),
    standingApprovals: createStandingApprovals(context),
    conductors: createConductors(context),
  };
}
