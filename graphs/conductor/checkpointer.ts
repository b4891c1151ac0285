import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import Database from "better-sqlite3";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { cacheStatements } from "#src/store/cache-statements.ts";
import { createPostgresClient, openPostgres, withoutPassword } from "#src/store/open-postgres.ts";
import { LastingPostgresSaver } from "./lasting-postgres-saver.ts";

/** LangGraph's official saver, and how to let go of it. */
export interface Checkpointer {
  saver: BaseCheckpointSaver;
  close(): Promise<void>;
}

/**
 * Opens the checkpoints beside the store: `checkpoints.db` in the home, or the schema `temper_checkpoints` of the
 * same PostgreSQL database. Checkpoints hold ids only and are deleted with the trial's end, so they stay small.
 */
export async function openCheckpointer(place: { home: string } | { databaseUrl: string }): Promise<Checkpointer> {
  if ("databaseUrl" in place) {
    const pool = await openPostgres(place.databaseUrl, { max: 4 });
    const saver = new LastingPostgresSaver(pool, withoutPassword(place.databaseUrl));
    await whileAlone(place.databaseUrl, () => saver.setup());
    return { saver, close: () => saver.end() };
  }
  mkdirSync(place.home, { recursive: true });
  const database = cacheStatements(new Database(path.join(place.home, "checkpoints.db"), { timeout: 5000 }));
  database.pragma("journal_mode = WAL");
  // A lost power supply may cost the last checkpoint, never its soundness: the trial's row decides, and nodes can run again.
  database.pragma("synchronous = NORMAL");
  return {
    saver: new SqliteSaver(database),
    close: async () => {
      database.close();
    },
  };
}

/** Number of the advisory lock that setting the checkpoints up holds; it has a meaning in Temper's database only. */
const setupLock = 7_463_002;

/** The saver's own migrations break when two processes run them at once. */
async function whileAlone(databaseUrl: string, work: () => Promise<void>): Promise<void> {
  const client = createPostgresClient(databaseUrl);
  await client.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [setupLock]);
    await work();
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}
