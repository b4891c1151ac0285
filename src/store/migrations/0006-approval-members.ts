import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What an approval of a batch was shown for. Approvals from before list nothing, so people are asked again. */
export function approvalMembers(): Migration {
  return {
    async up(db: Kysely<unknown>) {
      await db.schema
        .alterTable("approvals")
        .addColumn("members_json", "text", (column) => column.notNull().defaultTo("[]"))
        .execute();
    },
  };
}
