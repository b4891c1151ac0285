import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** The whole of an answer while its messages are being posted; null for every other message. */
export function messageAnswer(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema.alterTable("messages").addColumn("answer_json", "text").execute();
    },
  };
}
