import { join } from "node:path";
import { CamelCasePlugin, Kysely, PostgresDialect, type Dialect } from "kysely";
import { createStore } from "./create-store.ts";
import type { Database } from "./database.ts";
import { JsonColumns } from "./json-columns.ts";
import { migrate, refuseNewer, type MigrationTables } from "./migrate.ts";
import { openPostgres, withoutPassword } from "./open-postgres.ts";
import { explainSqliteError, openSqlite, useWal } from "./open-sqlite.ts";
import { WaitingSqliteDialect } from "./sqlite-dialect.ts";
import type { Store } from "./store.ts";

/** Where the database is: `temper.db` in a home, or a PostgreSQL server. `now` is the clock of every timestamp that the store writes. */
export type StorePlace = ({ home: string } | { databaseUrl: string }) & { now?: () => Date };

/**
 * Opens the database, makes it when it is not there, and brings it to this version's schema.
 * @throws TemperError `newer_database` when a newer version wrote it, EnvironmentError when it cannot be opened; nothing is changed then.
 */
export async function openStore(place: StorePlace): Promise<Store> {
  const now = place.now ?? (() => new Date());
  return "home" in place ? openSqliteStore(join(place.home, "temper.db"), now) : openPostgresStore(place.databaseUrl, now);
}

async function openSqliteStore(path: string, now: () => Date): Promise<Store> {
  const explain = (error: unknown) => explainSqliteError(path, error);
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
  return createStore({ db: connect(dialect), dialect: "sqlite", now, release: async () => void file.close() });
}

async function openPostgresStore(databaseUrl: string, now: () => Date): Promise<Store> {
  const pool = await openPostgres(databaseUrl);
  const dialect = new PostgresDialect({ pool });
  try {
    const bare = new Kysely<MigrationTables>({ dialect });
    const place = withoutPassword(databaseUrl);
    await refuseNewer(bare, "postgres", place);
    await migrate(bare, "postgres", place);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return createStore({ db: connect(dialect), dialect: "postgres", now, release: async () => (pool.ended ? undefined : pool.end()) });
}

/** Camel case in queries, snake case in the database. Migrations are written in the database's own names. */
function connect(dialect: Dialect): Kysely<Database> {
  return new Kysely<Database>({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true }), new JsonColumns()] });
}
