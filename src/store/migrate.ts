import { sql, type Kysely } from "kysely";
import { Migrator } from "kysely/migration";
import packageJson from "../../package.json" with { type: "json" };
import { TemperError } from "../errors.ts";
import { migrations } from "./migrations/migrations.ts";
import type { Store } from "./store.ts";

/** This version of Temper, as a newer one would name it. */
const version = packageJson.version;

/** Tables that every version has. */
export interface MigrationTables {
  kysely_migration: { name: string };
  temper_version: { version: string };
}

/**
 * Makes sure that no newer version wrote the database; reads only. The database must be empty, or one of Temper.
 * @param place How messages name the database.
 * @throws TemperError `newer_database`.
 */
export async function refuseNewer(db: Kysely<MigrationTables>, dialect: Store["dialect"], place: string) {
  const known = migrations(dialect);
  const applied = await appliedMigrations(db);
  if (applied.some((name) => known[name] === undefined)) throw await newerDatabase(db, place);
}

/** True when the database has this version's tables. */
export async function isUpToDate(db: Kysely<MigrationTables>, dialect: Store["dialect"]): Promise<boolean> {
  const applied = await appliedMigrations(db);
  return Object.keys(migrations(dialect)).every((name) => applied.includes(name));
}

/** Brings the database to this version's schema. Several processes may do it at once. */
export async function migrate(db: Kysely<MigrationTables>, dialect: Store["dialect"], place: string) {
  if (await isUpToDate(db, dialect)) return;

  await recordVersion(db);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(dialect) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    throw new TemperError(
      "store",
      `The database ${place} could not be brought to this version (${version}). Nothing was changed.`,
      {},
      { cause: error },
    );
  }
}

async function appliedMigrations(db: Kysely<MigrationTables>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === "kysely_migration")) return [];
  const rows = await db.selectFrom("kysely_migration").select("name").execute();
  return rows.map((row) => row.name);
}

async function newerDatabase(db: Kysely<MigrationTables>, place: string): Promise<TemperError> {
  const row = await db.selectFrom("temper_version").select("version").executeTakeFirst();
  const writer = row === undefined ? "a newer version" : `version ${row.version}`;
  return new TemperError(
    "newer_database",
    `The database ${place} was written by ${writer}; this is ${version}. Nothing was changed. Upgrade, or use another folder (--home).`,
    { place, version },
  );
}

/** Kept outside of the migrations, and written before them, so that every version finds it in the same place. */
async function recordVersion(db: Kysely<MigrationTables>) {
  await sql`create table if not exists temper_version (version text not null)`.execute(db);
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("temper_version").execute();
    await transaction.insertInto("temper_version").values({ version }).execute();
  });
}
