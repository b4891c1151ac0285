import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const ofRun = (column: ColumnDefinitionBuilder) => column.references("runs.id").onDelete("cascade");

/** What people ask for, yeses that are not enough alone, and yeses given beforehand. */
export function peopleTables(dialect: Store["dialect"]): Migration {
  const big = dialect === "sqlite" ? sql`integer` : sql`bigint`;
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("proposals")
        .addColumn("position", big, required)
        .addColumn("id", "text", (column) => column.primaryKey().notNull())
        .addColumn("run_id", "text", ofRun)
        .addColumn("body_json", "text", required)
        .addColumn("author", "text", required)
        .addColumn("author_name", "text", required)
        .addColumn("state", "text", required)
        .addColumn("created_at", "text", required)
        .addColumn("expires_at", "text", required)
        .addColumn("decided_by", "text")
        .addColumn("decided_at", "text")
        .addColumn("outcome", "text")
        .execute();
      await sql`create index proposals_state on proposals (state, position)`.execute(db);
      await db.schema
        .createTable("approval_votes")
        .addColumn("approval", "text", (column) => column.notNull().references("approvals.id").onDelete("cascade"))
        .addColumn("key", "text", required)
        .addColumn("person", "text", required)
        .addColumn("name", "text", required)
        .addColumn("created_at", "text", required)
        .addPrimaryKeyConstraint("approval_votes_person", ["approval", "person"])
        .execute();
      await db.schema
        .createTable("approval_reminders")
        .addColumn("approval", "text", (column) => column.primaryKey().notNull().references("approvals.id").onDelete("cascade"))
        .addColumn("created_at", "text", required)
        .execute();
      await db.schema
        .createTable("standing_approvals")
        .addColumn("id", "text", (column) => column.primaryKey().notNull())
        .addColumn("number", big, required)
        .addColumn("run_id", "text", (column) => ofRun(column).notNull())
        .addColumn("action_type", "text")
        .addColumn("device_hours", sql`double precision`, required)
        .addColumn("until", "text", required)
        .addColumn("author", "text", required)
        .addColumn("created_at", "text", required)
        .addColumn("revoked_at", "text")
        .execute();
    },
  };
}
