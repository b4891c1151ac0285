import type { StoreContext } from "./store-context.ts";

/** That a conductor follows a run, and what of it: renewed by its heartbeat, gone when that stops. */
export interface ConductorSeat {
  runId: string;
  holder: string;
  /** What runs its jobs, such as `local:gpu-7`; runs with the same pool share its devices. */
  pool: string;
  /** Jobs that the pool can run at once; null where an engine with a queue of its own decides. */
  capacity: number | null;
  /** Lanes that it has something to do for, or could have. */
  demand: number;
  /** The run's priority: its weight where devices are shared. */
  priority: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

export interface ConductorStore {
  /** Takes or renews a seat. */
  report(seat: ConductorSeat): Promise<void>;
  leave(runId: string, holder: string): Promise<void>;
  /** Seats whose heartbeat goes on, in the order of runs and holders. */
  list(nowMs: number): Promise<ConductorSeat[]>;
}

/** How long seats are kept whose heartbeat has stopped, counted from the end of a new one. */
const keptMs = 10 * 60_000;

/** Who works on which run now. */
export function createConductors({ db }: StoreContext): ConductorStore {
  return {
    async report(seat) {
      const { runId: _runId, holder: _holder, ...rest } = seat;
      await db
        .insertInto("conductors")
        .values(seat)
        .onConflict((conflict) => conflict.columns(["runId", "holder"]).doUpdateSet(rest))
        .execute();
      // What killed conductors left behind is in nobody's way, only in the table.
      await db
        .deleteFrom("conductors")
        .where("runId", "=", seat.runId)
        .where("expiresAt", "<", seat.expiresAt - keptMs)
        .execute();
    },
    async leave(runId, holder) {
      await db.deleteFrom("conductors").where("runId", "=", runId).where("holder", "=", holder).execute();
    },
    list: (nowMs) =>
      db.selectFrom("conductors").selectAll().where("expiresAt", ">", Math.round(nowMs)).orderBy("runId").orderBy("holder").execute(),
  };
}
