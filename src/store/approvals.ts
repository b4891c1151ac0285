import type { Selectable } from "kysely";
import type { Database } from "./database.ts";
import type { Approval, Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Questions to people. Who decides first wins, in one statement. */
export function createApprovals({ db, now }: StoreContext): Store["approvals"] {
  const rows = () => db.selectFrom("approvals").selectAll();
  const latest = async (query: ReturnType<typeof rows>) => {
    const row = await query.orderBy("position", "desc").limit(1).executeTakeFirst();
    return row === undefined ? null : toApproval(row);
  };

  return {
    async create({ estimate, members, ...approval }) {
      await db
        .insertInto("approvals")
        .values({ ...approval, estimateJson: JSON.stringify(estimate), membersJson: JSON.stringify(members) })
        .execute();
    },
    find: (id) => latest(rows().where("id", "=", id)),
    ofTrial: (runId, trial) => latest(rows().where("runId", "=", runId).where("trial", "=", trial)),
    async listing(runId, batch, keys) {
      const found = await rows().where("runId", "=", runId).where("batch", "=", batch).orderBy("position", "desc").execute();
      const listing = found.find(({ membersJson }) => keys.every((key) => membersJson.includes(key)));
      return listing === undefined ? null : toApproval(listing);
    },
    latestOfBatch: (runId, batch) => latest(rows().where("runId", "=", runId).where("batch", "=", batch)),
    async latestOfBatches(runId, batches) {
      if (batches.length === 0) return [];
      const found = await rows().where("runId", "=", runId).where("batch", "in", batches).orderBy("position").execute();
      return [...new Map(found.map((row) => [row.batch, row])).values()].map(toApproval);
    },
    pendingOfKey: (runId, key) => latest(rows().where("runId", "=", runId).where("key", "=", key).where("state", "=", "pending")),
    async count(runId) {
      const row = await db
        .selectFrom("approvals")
        .select((column) => column.fn.countAll<number>().as("count"))
        .where("runId", "=", runId)
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    async list(runId, state) {
      const query = rows().where("runId", "=", runId).orderBy("position");
      const found = await (state === undefined ? query : query.where("state", "=", state)).execute();
      return found.map(toApproval);
    },
    async decide(id, key, to, by, reason) {
      const time = now();
      let update = db
        .updateTable("approvals")
        .set({ state: to, decidedBy: by, decidedAt: time, reason })
        .where("id", "=", id)
        .where("key", "=", key)
        .where("state", "=", "pending");
      if (to === "approved" || to === "rejected") update = update.where("expiresAt", ">", time);
      const row = await update.returningAll().executeTakeFirst();
      return row === undefined ? null : toApproval(row);
    },
  };
}

function toApproval({ position: _position, estimateJson, membersJson, ...row }: Selectable<Database["approvals"]>): Approval {
  return { ...row, estimate: estimateJson, members: membersJson };
}
