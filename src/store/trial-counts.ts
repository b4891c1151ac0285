import type { Kysely } from "kysely";
import type { Database, TrialTable } from "./database.ts";

type Counted = Pick<TrialTable, "kind" | "state" | "fromCache" | "hasJob">;

/** What one trial adds to its run's totals: each 0 or 1. */
interface Tally {
  chosenCount: number;
  chosenFromCacheCount: number;
  otherCount: number;
  failedCount: number;
  liveCount: number;
}

const nothing: Tally = { chosenCount: 0, chosenFromCacheCount: 0, otherCount: 0, failedCount: 0, liveCount: 0 };

/**
 * A chosen trial counts once a job was created for it; answered from the cache, it is counted apart. Trials of other
 * kinds count unless they were skipped.
 */
export function tally({ kind, state, fromCache, hasJob }: Counted): Tally {
  const isChosen = kind === "chosen";
  return {
    chosenCount: Number(isChosen && hasJob === 1),
    chosenFromCacheCount: Number(isChosen && hasJob === 0 && fromCache === 1),
    otherCount: Number(!isChosen && state !== "skipped"),
    failedCount: Number(state === "failed"),
    liveCount: Number(state === "selected" || state === "waiting" || state === "running"),
  };
}

/** Moves a run's totals by what changed of one trial; to be called in the transaction that changed it. */
export async function addToCounts(db: Kysely<Database>, runId: string, before: Tally | null, after: Tally) {
  const old = before ?? nothing;
  // Most changes of a trial move no total, and each statement is a journey to the server.
  if (JSON.stringify(old) === JSON.stringify(after)) return;
  await db
    .updateTable("runs")
    .set((row) => ({
      chosenCount: row("chosenCount", "+", after.chosenCount - old.chosenCount),
      chosenFromCacheCount: row("chosenFromCacheCount", "+", after.chosenFromCacheCount - old.chosenFromCacheCount),
      otherCount: row("otherCount", "+", after.otherCount - old.otherCount),
      failedCount: row("failedCount", "+", after.failedCount - old.failedCount),
      liveCount: row("liveCount", "+", after.liveCount - old.liveCount),
    }))
    .where("id", "=", runId)
    .execute();
}

/** Notes that a job was created for a trial: from the first on, a chosen trial counts against `budget.trials`. */
export async function countJob(db: Kysely<Database>, runId: string, trial: number) {
  const row = await db
    .updateTable("trials")
    .set({ hasJob: 1 })
    .where("runId", "=", runId)
    .where("number", "=", trial)
    .where("hasJob", "=", 0)
    .returning(["kind", "state", "fromCache", "hasJob"])
    .executeTakeFirst();
  if (row !== undefined) await addToCounts(db, runId, tally({ ...row, hasJob: 0 }), tally(row));
}
