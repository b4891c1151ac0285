import type { Selectable } from "kysely";
import type { Database } from "./database.ts";
import type { Command, Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** What people told a run to do, until a conductor takes it. */
export function createCommands({ db, now }: StoreContext): Store["commands"] {
  return {
    async add({ fields, ...command }) {
      await db
        .insertInto("commands")
        .values({ ...command, fieldsJson: JSON.stringify(fields), createdAt: now(), takenAt: null })
        .execute();
    },
    async take(runId) {
      const rows = await db
        .updateTable("commands")
        .set({ takenAt: now() })
        .where("runId", "=", runId)
        .where("takenAt", "is", null)
        .returningAll()
        .execute();
      return rows.map(toCommand).toSorted((a, b) => a.id - b.id);
    },
  };
}

function toCommand({ fieldsJson, takenAt: _takenAt, ...row }: Selectable<Database["commands"]>): Command {
  return { ...row, fields: fieldsJson };
}
