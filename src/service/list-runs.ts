import type { Run, Store } from "../store/store.ts";

export interface RunSummary extends Pick<Run, "id" | "name" | "state" | "stateReason" | "createdAt" | "endedAt"> {
  /** Chosen trials that started a job. */
  chosen: number;
  /** Of `budget.trials`. */
  trials: number;
  /** Approvals that wait for people. */
  waiting: number;
}

/** All runs of the home, oldest first. */
export async function listRuns(store: Store): Promise<RunSummary[]> {
  const summaries: RunSummary[] = [];
  for (const { id, name, state, stateReason, createdAt, endedAt, config } of await store.runs.list()) {
    const { chosen } = await store.trials.counts(id);
    const waiting = (await store.approvals.list(id, "pending")).length;
    summaries.push({ id, name, state, stateReason, createdAt, endedAt, chosen, trials: config.budget.trials, waiting });
  }
  return summaries;
}
