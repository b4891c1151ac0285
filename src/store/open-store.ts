import { join } from "node:path";
import { CamelCasePlugin, Kysely, PostgresDialect, type Dialect } from "kysely";
import { createStore } from "./create-store.ts";
import type { Database } from "./database.ts";
import { JsonColumns } from "./json-columns.ts";
import { migrate } from "./migrate.ts";
import { openPostgres, withoutPassword } from "./open-postgres.ts";
import { explainSqliteError, openSqlite, useWal } from "./open-sqlite.ts";
import { GuardedPostgresDialect } from "./postgres-dialect.ts";
import { WaitingSqliteDialect } from "./sqlite-dialect.ts";
import type { Store } from "./store.ts";
import { TransactionGuard } from "./transaction-guard.ts";

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
  const file = openSqlite(path);
  const guard = new TransactionGuard();
  try {
    await migrate(new Kysely({ dialect: new WaitingSqliteDialect(file, guard, explain) }), "sqlite", path);
    useWal(file, path);
  } catch (error) {
    file.close();
    throw explain(error);
  }
  return createStore({ db: connect(new WaitingSqliteDialect(file, guard, explain)), dialect: "sqlite", guard, now });

  function explain(error: unknown) {
    return explainSqliteError(path, error);
  }
}

async function openPostgresStore(databaseUrl: string, now: () => Date): Promise<Store> {
  const pool = await openPostgres(databaseUrl);
  const guard = new TransactionGuard();
  try {
    await migrate(new Kysely({ dialect: new PostgresDialect({ pool }) }), "postgres", withoutPassword(databaseUrl));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return createStore({ db: connect(new GuardedPostgresDialect(pool, guard)), dialect: "postgres", guard, now });
}

/** Camel case in queries, snake case in the database. Migrations are written in the database's own names. */
function connect(dialect: Dialect): Kysely<Database> {
  return new Kysely<Database>({ dialect, plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true }), new JsonColumns()] });
}
