import type { ColumnDefinitionBuilder, Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Models that people keep from being removed. */
export function pinsTable(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("pins")
        .addColumn("run_id", "text", (column) => column.notNull().references("runs.id").onDelete("cascade"))
        .addColumn("model", "text", required)
        .addColumn("author", "text", required)
        .addColumn("reason", "text")
        .addColumn("created_at", "text", required)
        .addPrimaryKeyConstraint("pins_model", ["run_id", "model"])
        .execute();
    },
  };
}
