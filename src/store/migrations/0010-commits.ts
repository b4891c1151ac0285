import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** PostgreSQL: the last transaction that each connection has committed, in a word of its own: see `postgres-dialect.ts`. */
export function commitsTable(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("commits")
        .addColumn("client", "text", (column) => column.primaryKey())
        .addColumn("token", "text", (column) => column.notNull())
        .addColumn("committed_at", "timestamptz", (column) => column.notNull().defaultTo(sql`current_timestamp`))
        .execute();
    },
  };
}
