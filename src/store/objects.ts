import { TemperError } from "../errors.ts";
import type { PoolDataset } from "../pool/objects.ts";
import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** The pool of a run, in the order in which objects joined. */
export function createObjects({ db, atomically }: StoreContext): Store["objects"] {
  const list = async (runId: string) => {
    const rows = await db.selectFrom("objects").select("objectJson").where("runId", "=", runId).orderBy("position").execute();
    return rows.map((row) => row.objectJson);
  };

  return {
    async add(runId, object) {
      const added = await db
        .insertInto("objects")
        .values({ runId, id: object.id, kind: object.kind, key: object.key, objectJson: JSON.stringify(object) })
        .onConflict((conflict) => conflict.columns(["runId", "id"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (added !== undefined) return;
      const known = await db
        .selectFrom("objects")
        .select(["kind", "key"])
        .where("runId", "=", runId)
        .where("id", "=", object.id)
        .executeTakeFirst();
      if (known?.kind === object.kind && known.key === object.key) return;
      throw new TemperError("conflict", `The pool of run ${runId} has another ${known?.kind ?? "object"} named ${object.id} already.`, {
        runId,
        id: object.id,
      });
    },
    async find(runId, id) {
      const row = await db.selectFrom("objects").select("objectJson").where("runId", "=", runId).where("id", "=", id).executeTakeFirst();
      return row?.objectJson ?? null;
    },
    async models(runId) {
      return (await list(runId)).filter((object) => object.kind === "model");
    },
    async datasets(runId) {
      return (await list(runId)).filter((object) => object.kind === "dataset");
    },
    async addOverlap(runId, dataset, overlap) {
      await atomically(async (transaction) => {
        const row = await transaction
          .selectFrom("objects")
          .select("objectJson")
          .where("runId", "=", runId)
          .where("id", "=", dataset)
          .executeTakeFirst();
        const object = row?.objectJson;
        if (object?.kind !== "dataset") throw new TemperError("not_found", `Run ${runId} has no dataset ${dataset}.`, { runId, dataset });
        const changed: PoolDataset = { ...object, laterOverlaps: [...(object.laterOverlaps ?? []), overlap] };
        const objectJson = JSON.stringify(changed);
        await transaction.updateTable("objects").set({ objectJson }).where("runId", "=", runId).where("id", "=", dataset).execute();
      });
    },
  };
}
