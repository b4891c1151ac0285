import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Who did what when. A reader that goes on after the last id it saw misses nothing: transactions append one after the other. */
export function createEvents({ db, now, atomically }: StoreContext): Store["events"] {
  return {
    append: ({ fields, ...event }) =>
      atomically(async (transaction) => {
        await transaction
          .insertInto("events")
          .values({ ...event, time: now(), fieldsJson: JSON.stringify(fields) })
          .execute();
      }),
    async list(runId, afterId = 0, limit) {
      const query = db.selectFrom("events").selectAll().where("runId", "=", runId).where("id", ">", afterId).orderBy("id");
      const rows = await (limit === undefined ? query : query.limit(limit)).execute();
      return rows.map(({ fieldsJson, ...event }) => ({ ...event, fields: fieldsJson }));
    },
  };
}
