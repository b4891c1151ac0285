import { setTimeout as sleep } from "node:timers/promises";
import type { Store } from "#src/store/store.ts";

/** What `/healthz` answers. */
export interface Health {
  status: "ok" | "down";
  database: Store["dialect"];
  /** Runs that are not over; null while the database does not answer. */
  runs: number | null;
  /** What is wrong, for people. */
  detail: string;
}

/** Asks the database, and waits no longer than `patienceMs`: a store that waits for a lost server would answer late. */
export async function checkHealth(store: Store, patienceMs: number): Promise<Health> {
  const patience = new AbortController();
  const late = sleep(patienceMs, null, { signal: patience.signal, ref: false }).catch(() => null);
  try {
    const runs = await Promise.race([store.runs.list(), late]);
    if (runs === null) return down(store, `the database did not answer within ${patienceMs} ms`);
    return { status: "ok", database: store.dialect, runs: runs.filter((run) => run.endedAt === null).length, detail: "" };
  } catch (error) {
    return down(store, error instanceof Error ? error.message : String(error));
  } finally {
    patience.abort();
  }
}

function down({ dialect }: Store, detail: string): Health {
  return { status: "down", database: dialect, runs: null, detail };
}
