import type { Timestamp } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** A model that a person wants to keep on disk. */
export interface Pin {
  runId: string;
  /** Id in the run's pool, such as `m17`. */
  model: string;
  author: string;
  reason: string | null;
  createdAt: Timestamp;
}

export interface PinStore {
  /** False when the model is pinned already; that pin stays. */
  add(pin: Omit<Pin, "createdAt">): Promise<boolean>;
  /** False when it was not pinned. */
  remove(runId: string, model: string): Promise<boolean>;
  /** Of a run, or of all; oldest first. */
  list(runId?: string): Promise<Pin[]>;
}

/** What people keep from being removed. */
export function createPins({ db, now }: StoreContext): PinStore {
  return {
    async add(pin) {
      const row = await db
        .insertInto("pins")
        .values({ ...pin, createdAt: now() })
        .onConflict((conflict) => conflict.columns(["runId", "model"]).doNothing())
        .returning("model")
        .executeTakeFirst();
      return row !== undefined;
    },
    async remove(runId, model) {
      const row = await db.deleteFrom("pins").where("runId", "=", runId).where("model", "=", model).returning("model").executeTakeFirst();
      return row !== undefined;
    },
    async list(runId) {
      const query = db.selectFrom("pins").selectAll().orderBy("createdAt").orderBy("model");
      return await (runId === undefined ? query : query.where("runId", "=", runId)).execute();
    },
  };
}
