import { Pool, types } from "pg";
import { EnvironmentError } from "../errors.ts";

/** Type numbers of PostgreSQL's `int8` and `numeric` (sums of bigints), which pg hands over as text by itself. */
const int8 = 20;
const numeric = 1700;

/** A transaction that its process forgot is ended by the server, so that it cannot hold up others for ever. */
const idleInTransactionMs = 60_000;

/**
 * A pool of connections, after one was made.
 * @throws EnvironmentError when the server cannot be reached or refuses.
 */
export async function openPostgres(databaseUrl: string): Promise<Pool> {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 8,
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    types: {
      getTypeParser: (id: number, format?: "text" | "binary") => {
        if (id === int8 || id === numeric) return Number;
        return format === "binary" ? types.getTypeParser(id, "binary") : types.getTypeParser(id, "text");
      },
    },
  });
  // A connection that breaks while idle is replaced at its next use; without a listener it would end the process.
  pool.on("error", () => {});
  try {
    const client = await pool.connect();
    client.release();
  } catch (cause) {
    await pool.end();
    throw new EnvironmentError(
      `PostgreSQL at ${withoutPassword(databaseUrl)} cannot be reached (${cause instanceof Error ? cause.message : String(cause)}). Check that it runs, and the address, user and password in database_url.`,
      {},
      { cause },
    );
  }
  return pool;
}

/** The address as it may stand in a message. */
export function withoutPassword(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return "the given address";
  const url = new URL(databaseUrl);
  url.password = "";
  url.search = "";
  return url.href;
}
