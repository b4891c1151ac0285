import { existsSync } from "node:fs";
import { join } from "node:path";
import { CamelCasePlugin, Kysely, PostgresDialect, type Dialect } from "kysely";
import { silentChanges } from "./changes.ts";
import { outliveLosses } from "./connection-loss.ts";
import { createStore } from "./create-store.ts";
import type { Database } from "./database.ts";
import { JsonColumns } from "./json-columns.ts";
import { isUpToDate, migrate, refuseNewer, type MigrationTables } from "./migrate.ts";
import { migrations } from "./migrations/migrations.ts";
import type { Pool } from "pg";
import { createPostgresClient, openPostgres, withoutPassword } from "./open-postgres.ts";
import { explainSqliteError, openSqlite, refuseInUse, useWal } from "./open-sqlite.ts";
import { LastingPostgresDialect } from "./postgres-dialect.ts";
import { PostgresPresence } from "./postgres-presence.ts";
import { WaitingSqliteDialect } from "./sqlite-dialect.ts";
import type { Store } from "./store.ts";

/**
 * Where the database is: `temper.db` in a home, or a PostgreSQL server. `now` is the clock of every timestamp that the
 * store writes; `patienceMs` how long a PostgreSQL server that went away is waited for (default: two minutes).
 */
export type StorePlace = ({ home: string } | { databaseUrl: string; patienceMs?: number }) & { now?: () => Date };

/** A restart of PostgreSQL takes seconds, a failover of the usual managers up to a minute. */
const defaultPatienceMs = 120_000;

/**
 * Opens the database, makes it when it is not there, and brings it to this version's schema.
 * @throws TemperError `newer_database` when a newer version wrote it, `conflict` when it must be changed while others
 * have it open, EnvironmentError when it cannot be opened; nothing is changed then.
 */
export async function openStore(place: StorePlace): Promise<Store> {
  const now = place.now ?? (() => new Date());
  if ("home" in place) return openSqliteStore(join(place.home, "temper.db"), now);
  return openPostgresStore(place.databaseUrl, place.patienceMs ?? defaultPatienceMs, now);
}

async function openSqliteStore(path: string, now: () => Date): Promise<Store> {
  const explain = (error: unknown) => explainSqliteError(path, error);
  if (existsSync(path)) await refuseInUse(path, Object.keys(migrations("sqlite")));
  const file = openSqlite(path);
  const dialect = new WaitingSqliteDialect(file, explain);
  try {
    const bare = new Kysely<MigrationTables>({ dialect });
    await refuseNewer(bare, "sqlite", path);
    useWal(file, path);
    await migrate(bare, "sqlite", path);
  } catch (error) {
    file.close();
    throw explain(error);
  }
  return createStore({ db: connect(dialect), dialect: "sqlite", now, release: async () => void file.close(), changes: silentChanges });
}

async function openPostgresStore(databaseUrl: string, patienceMs: number, now: () => Date): Promise<Store> {
  const pool = await openPostgres(databaseUrl);
  const place = withoutPassword(databaseUrl);
  let presence: PostgresPresence | null = null;
  try {
    const bare = new Kysely<MigrationTables>({ dialect: new PostgresDialect({ pool }) });
    presence = await PostgresPresence.open(() => createPostgresClient(databaseUrl));
    await refuseNewer(bare, "postgres", place);
    const isOlder = async () => !(await isUpToDate(bare, "postgres"));
    if (await isOlder()) await presence.alone(place, isOlder, () => migrate(bare, "postgres", place));
    await forgetCommits(pool);
  } catch (error) {
    await presence?.close();
    await pool.end();
    throw error;
  }
  const changes = presence;
  return createStore({
    db: connect(new LastingPostgresDialect({ pool, place, patienceMs })),
    dialect: "postgres",
    now,
    changes,
    outlive: (work) => outliveLosses(place, patienceMs, work),
    release: async () => {
      await changes.close();
      if (!pool.ended) await pool.end();
    },
  });
}

/** Marks of connections that are long gone; whoever lost the answer to a commit looks for its mark within minutes. */
async function forgetCommits(pool: Pool): Promise<void> {
  await pool.query("delete from commits where committed_at < current_timestamp - interval '1 day'");
}

/** Camel case in queries, snake case in the database. Migrations are written in the database's own names. */
function connect(dialect: Dialect): Kysely<Database> {
  return new Kysely<Database>({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true }), new JsonColumns()] });
}
