import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Versions of a run's memory. */
export function createMemories({ db }: StoreContext): Store["memories"] {
  const rowsOf = (runId: string) => db.selectFrom("memories").select("memoryJson").where("runId", "=", runId);

  return {
    async add(runId, memory) {
      await db
        .insertInto("memories")
        .values({ runId, version: memory.version, trial: memory.trial, memoryJson: JSON.stringify(memory) })
        .execute();
    },
    async latest(runId) {
      const row = await rowsOf(runId).orderBy("version", "desc").limit(1).executeTakeFirst();
      return row?.memoryJson ?? null;
    },
    async latestVersion(runId) {
      const row = await db
        .selectFrom("memories")
        .select("version")
        .where("runId", "=", runId)
        .orderBy("version", "desc")
        .limit(1)
        .executeTakeFirst();
      return row?.version ?? 0;
    },
    async find(runId, version) {
      const row = await rowsOf(runId).where("version", "=", version).executeTakeFirst();
      return row?.memoryJson ?? null;
    },
  };
}
