import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";
import { firstTables } from "./0001-first-tables.ts";

/** Every step of the schema's history, by name; applied in the order of their names and never changed afterwards. */
export function migrations(dialect: Store["dialect"]): Record<string, Migration> {
  return {
    "0001-first-tables": firstTables(dialect),
  };
}
