import type { Action } from "../action/action.ts";
import type { RunConfig } from "../config/run-config.ts";
import type { TaskScores } from "../policy/policy.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";

/** What came of an action: the model's key, directory, form (full weights unless said) and `search` scores, or why there is no model. */
export type Made =
  | { kind: "made"; key: string; path: string; form?: PoolModel["form"]; scores: TaskScores }
  | { kind: "failed"; reason: string };

/** A place that searches go on in: a base, data, and what actions lead to. The same action has the same outcome for every arm. */
export interface SearchWorld {
  readonly config: RunConfig;
  readonly base: PoolModel;
  readonly datasets: readonly PoolDataset[];
  /** `search` scores of the base. */
  scoreBase(): Promise<TaskScores>;
  /** Makes a model. @param models the run's pool by id, which holds the action's parents. */
  make(action: Action, models: ReadonlyMap<string, PoolModel>): Promise<Made>;
  /** `final` scores of a model of the pool. No arm ever sees them. @param models the run's pool by id. */
  openFinal(model: PoolModel, models: ReadonlyMap<string, PoolModel>): Promise<TaskScores>;
}
