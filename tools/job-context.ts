import type { CostModel } from "#src/budget/cost-model.ts";
import type { Store } from "#src/store/store.ts";
import type { Executor } from "./executors/executor.ts";

/** The part of pino's logger that tools use: fields first, then one plain sentence. */
export interface JobLogger {
  info(fields: Record<string, unknown>, text: string): void;
  warn(fields: Record<string, unknown>, text: string): void;
}

/** What every tool needs to run jobs: handed in, so that tests and several conductors in one process stay apart. */
export interface JobContext {
  store: Store;
  executor: Executor;
  /** Absolute path of the home, such as `/data/.temper`. */
  home: string;
  costModel: CostModel;
  now(): Date;
  log: JobLogger;
}
