import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Device slots of hosts: a row is a GPU or a CPU slot, and holds the attempt that uses it. */
export function createDevices({ db, atomically }: StoreContext): Store["devices"] {
  return {
    ensure: (host, kind, count) =>
      atomically(async (transaction) => {
        const slots = Array.from({ length: count }, (_, slot) => ({ host, kind, slot, attempt: null }));
        if (slots.length > 0) {
          await transaction
            .insertInto("devices")
            .values(slots)
            .onConflict((conflict) => conflict.columns(["host", "kind", "slot"]).doNothing())
            .execute();
        }
        // A slot that is held goes when it is ensured again after its release.
        await transaction
          .deleteFrom("devices")
          .where("host", "=", host)
          .where("kind", "=", kind)
          .where("slot", ">=", count)
          .where("attempt", "is", null)
          .execute();
      }),
    claim: (host, kind, count, attempt) =>
      atomically(async (transaction) => {
        const slots = () =>
          transaction.selectFrom("devices").select("slot").where("host", "=", host).where("kind", "=", kind).orderBy("slot");
        const held = await slots().where("attempt", "=", attempt).execute();
        if (held.length > 0) return held.map((row) => row.slot);
        const free = await slots().where("attempt", "is", null).limit(count).execute();
        if (free.length < count) return null;
        const claimed = free.map((row) => row.slot);
        await transaction
          .updateTable("devices")
          .set({ attempt })
          .where("host", "=", host)
          .where("kind", "=", kind)
          .where("slot", "in", claimed)
          .execute();
        return claimed;
      }),
    async release(attempt) {
      await db.updateTable("devices").set({ attempt: null }).where("attempt", "=", attempt).execute();
    },
    async held(host) {
      const rows = await db
        .selectFrom("devices")
        .select(["slot", "attempt"])
        .where("host", "=", host)
        .where("attempt", "is not", null)
        .orderBy("kind")
        .orderBy("slot")
        .execute();
      return rows.flatMap(({ slot, attempt }) => (attempt === null ? [] : [{ index: slot, attempt }]));
    },
    count: () =>
      db
        .selectFrom("devices")
        .select(({ fn }) => ["host", "kind", fn.countAll<number>().as("total"), fn.count<number>("attempt").as("held")])
        .groupBy(["host", "kind"])
        .orderBy("host")
        .orderBy("kind")
        .execute(),
  };
}
