import type { Selectable } from "kysely";
import type { Directive } from "../memory/directive.ts";
import type { Database } from "./database.ts";
import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** What people asked of a run, numbered from 1 in each run. */
export function createDirectives({ db, now, atomically }: StoreContext): Store["directives"] {
  return {
    add: (runId, { author, text, body }) =>
      atomically(async (transaction) => {
        const last = await transaction
          .selectFrom("directives")
          .select((column) => column.fn.max("id").as("id"))
          .where("runId", "=", runId)
          .executeTakeFirst();
        const row = await transaction
          .insertInto("directives")
          .values({ runId, id: (last?.id ?? 0) + 1, author, text, createdAt: now(), revokedAt: null, bodyJson: JSON.stringify(body) })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toDirective(row);
      }),
    async list(runId) {
      const rows = await db.selectFrom("directives").selectAll().where("runId", "=", runId).orderBy("id").execute();
      return rows.map(toDirective);
    },
    async revoke(runId, id) {
      const row = await db
        .updateTable("directives")
        .set({ revokedAt: now() })
        .where("runId", "=", runId)
        .where("id", "=", id)
        .where("revokedAt", "is", null)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toDirective({ runId: _runId, bodyJson, ...row }: Selectable<Database["directives"]>): Directive {
  return { ...row, body: bodyJson };
}
