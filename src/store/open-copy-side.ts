import { existsSync } from "node:fs";
import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import { UserInputError } from "../errors.ts";
import type { BareDatabase, CopySide } from "./copy-database.ts";
import { openPostgres, withoutPassword } from "./open-postgres.ts";
import { explainSqliteError, openSqlite } from "./open-sqlite.ts";
import { openStore, type StorePlace } from "./open-store.ts";
import { WaitingSqliteDialect } from "./sqlite-dialect.ts";

/** A side of a copy that has to be closed. */
export interface OpenCopySide extends CopySide {
  close(): Promise<void>;
}

/**
 * Opens a database to be copied, brought to this version's schema.
 * @param create Makes it when it is not there.
 * @throws UserInputError when there is none.
 */
export async function openCopySide(place: StorePlace, { create }: { create: boolean }): Promise<OpenCopySide> {
  if ("home" in place && !create && !existsSync(join(place.home, "temper.db"))) {
    throw new UserInputError(
      `There is no database in ${place.home}. Name the folder that holds temper.db.`,
      { home: place.home },
      "not_found",
    );
  }
  // Stays open as well: nobody may change the tables meanwhile.
  const store = await openStore(place);
  if ("home" in place) {
    const path = join(place.home, "temper.db");
    const dialect = new WaitingSqliteDialect(openSqlite(path), (error) => explainSqliteError(path, error));
    return side(new Kysely<BareDatabase>({ dialect }), "sqlite", path, store.close);
  }
  const pool = await openPostgres(place.databaseUrl, { max: 1 });
  return side(
    new Kysely<BareDatabase>({ dialect: new PostgresDialect({ pool }) }),
    "postgres",
    withoutPassword(place.databaseUrl),
    store.close,
  );
}

function side(db: Kysely<BareDatabase>, dialect: CopySide["dialect"], place: string, closeStore: () => Promise<void>): OpenCopySide {
  return {
    db,
    dialect,
    place,
    close: async () => {
      await db.destroy();
      await closeStore();
    },
  };
}
