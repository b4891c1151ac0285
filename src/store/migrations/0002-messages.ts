import { sql, type ColumnDefinitionBuilder, type Kysely } from "kysely";
import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Which message of a chat platform shows what. */
export function messagesTable(dialect: Store["dialect"]): Migration {
  const sqlite = dialect === "sqlite";
  const big = sqlite ? sql`integer` : sql`bigint`;
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .createTable("messages")
        .addColumn("position", sqlite ? sql`integer` : sql`bigserial`, (column) =>
          sqlite ? column.primaryKey().autoIncrement() : column.primaryKey(),
        )
        .addColumn("platform", "text", required)
        .addColumn("kind", "text", required)
        .addColumn("subject", "text", required)
        .addColumn("run_id", "text", (column) => column.references("runs.id").onDelete("cascade"))
        .addColumn("channel", "text", required)
        .addColumn("nonce", "text", required)
        .addColumn("message", "text")
        .addColumn("state", "text", required)
        .addColumn("shown", "text")
        .addColumn("last_event", big, required)
        .addColumn("created_at", "text", required)
        .addColumn("updated_at", "text", required)
        .execute();
      await sql`create unique index messages_subject on messages (platform, kind, subject)`.execute(db);
      await sql`create index messages_message on messages (platform, message)`.execute(db);
      await sql`create index messages_channel on messages (platform, channel) where kind = 'thread'`.execute(db);
      await sql`create index messages_state on messages (platform, kind, state, position)`.execute(db);
    },
  };
}
