import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** The planner's answers, oldest first. */
export function createPlans({ db }: StoreContext): Store["plans"] {
  const rowsOf = (runId: string) => db.selectFrom("plans").select("planJson").where("runId", "=", runId);

  return {
    async add(runId, plan) {
      await db
        .insertInto("plans")
        .values({ runId, version: plan.version, planJson: JSON.stringify(plan) })
        .execute();
    },
    async latest(runId) {
      const row = await rowsOf(runId).orderBy("version", "desc").limit(1).executeTakeFirst();
      return row?.planJson ?? null;
    },
    async list(runId) {
      const rows = await rowsOf(runId).orderBy("version").execute();
      return rows.map((row) => row.planJson);
    },
  };
}
