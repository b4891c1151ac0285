import { hostname } from "node:os";
import { Client, Pool, types, type ClientConfig } from "pg";
import packageJson from "../../package.json" with { type: "json" };
import { EnvironmentError } from "../errors.ts";

/** Type numbers of PostgreSQL's `int8` and `numeric` (sums of bigints), which pg hands over as text by itself. */
const int8 = 20;
const numeric = 1700;

/** A transaction that its process forgot is ended by the server, so that it cannot hold up others for ever. */
const idleInTransactionMs = 60_000;

/** A server that says nothing for so long is gone, though nobody closed the connection. No statement of ours takes a second. */
const longestSilenceMs = 30_000;

/** How this process is called in `pg_stat_activity`, and in messages that say who has the database open. */
const applicationName = `temper ${packageJson.version} (process ${process.pid} on ${hostname()})`.slice(0, 63);

function clientConfig(databaseUrl: string): ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  };
}

/** A connection of its own, not open yet: for what belongs to a session. */
export function createPostgresClient(databaseUrl: string): Client {
  return new Client(clientConfig(databaseUrl));
}

/**
 * A pool of connections, after one was made.
 * @throws EnvironmentError when the server cannot be reached or refuses.
 */
export async function openPostgres(databaseUrl: string, { max = 8 }: { max?: number } = {}): Promise<Pool> {
  const pool = new Pool({
    ...clientConfig(databaseUrl),
    max,
    query_timeout: longestSilenceMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    types: {
      getTypeParser: (id: number, format?: "text" | "binary") => {
        if (id === int8 || id === numeric) return Number;
        return format === "binary" ? types.getTypeParser(id, "binary") : types.getTypeParser(id, "text");
      },
    },
  });
  // A connection that breaks is replaced; without listeners, on the pool for idle ones, it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
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
