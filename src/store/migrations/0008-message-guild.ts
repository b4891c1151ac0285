import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** In which server of its platform a run lives; null for messages that are no run's thread, and for threads that were opened before. */
export function messageGuild(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("messages").addColumn("guild", "text").execute();
    },
  };
}
