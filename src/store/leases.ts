import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Leases: who works on a resource, until when. Times are the caller's clock, in milliseconds. */
export function createLeases({ db }: StoreContext): Store["leases"] {
  return {
    async acquire(resource, holder, ttlMs, nowMs) {
      const lease = { holder, expiresAt: Math.round(nowMs + ttlMs) };
      const row = await db
        .insertInto("leases")
        .values({ resource, ...lease })
        .onConflict((conflict) =>
          conflict
            .column("resource")
            .doUpdateSet(lease)
            .where((old) => old.or([old("leases.expiresAt", "<=", Math.round(nowMs)), old("leases.holder", "=", holder)])),
        )
        .returning("resource")
        .executeTakeFirst();
      return row !== undefined;
    },
    async release(resource, holder) {
      await db.deleteFrom("leases").where("resource", "=", resource).where("holder", "=", holder).execute();
    },
    async renew(holder, ttlMs, nowMs) {
      const rows = await db
        .updateTable("leases")
        .set({ expiresAt: Math.round(nowMs + ttlMs) })
        .where("holder", "=", holder)
        .returning("resource")
        .execute();
      return rows.length;
    },
    async find(resource) {
      return (await db.selectFrom("leases").selectAll().where("resource", "=", resource).executeTakeFirst()) ?? null;
    },
    async list(prefix, nowMs) {
      const rows = await db.selectFrom("leases").selectAll().where("expiresAt", ">", Math.round(nowMs)).orderBy("resource").execute();
      return rows.filter((row) => row.resource.startsWith(prefix));
    },
  };
}
