import type { Store } from "#src/store/store.ts";

/**
 * Chosen trials that count against the budget, and those that will but have no job yet. They are read in this order: a
 * trial whose job starts meanwhile is counted twice, which costs a moment's wait, never left out.
 */
export async function countSpent(store: Store, runId: string): Promise<number> {
  const reserved = await store.trials.countWithoutJob(runId);
  const { chosen } = await store.trials.counts(runId);
  return chosen + reserved;
}
