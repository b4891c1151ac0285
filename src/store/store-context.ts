import type { Kysely } from "kysely";
import type { Database } from "./database.ts";
import type { Store, Timestamp } from "./store.ts";

/** What each part of the store works with: the database, or the transaction that is open. */
export interface StoreContext {
  db: Kysely<Database>;
  dialect: Store["dialect"];
  now(): Timestamp;
  /** Runs several statements as one; joins the transaction that is open. */
  atomically<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>;
}
