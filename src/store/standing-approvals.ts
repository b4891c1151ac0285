import type { Selectable } from "kysely";
import type { Database } from "./database.ts";
import type { Timestamp } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** A yes given beforehand to jobs of one kind, up to an amount and a time. */
export interface StandingApproval {
  /** `three-skills.1-s1`; what jobs name as their approval. */
  id: string;
  runId: string;
  /** An action type or a group of them, such as `merge`; null = any. */
  actionType: string | null;
  /** Most that all jobs under it may take together, by their p90. */
  deviceHours: number;
  until: Timestamp;
  author: string;
  createdAt: Timestamp;
  revokedAt: Timestamp | null;
}

export interface StandingApprovalStore {
  add(standing: Omit<StandingApproval, "id" | "createdAt" | "revokedAt">): Promise<StandingApproval>;
  /** Of a run, oldest first. */
  list(runId: string): Promise<StandingApproval[]>;
  /** False when no such one stands. */
  revoke(runId: string, id: string): Promise<boolean>;
}

/** Yeses given beforehand, numbered from 1 in each run. */
export function createStandingApprovals({ db, now, atomically }: StoreContext): StandingApprovalStore {
  return {
    add: (standing) =>
      atomically(async (transaction) => {
        const known = await transaction
          .selectFrom("standingApprovals")
          .select((column) => column.fn.max("number").as("number"))
          .where("runId", "=", standing.runId)
          .executeTakeFirst();
        const number = (known?.number ?? 0) + 1;
        const row = await transaction
          .insertInto("standingApprovals")
          .values({ ...standing, number, id: `${standing.runId}-s${number}`, createdAt: now(), revokedAt: null })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toStanding(row);
      }),
    async list(runId) {
      const rows = await db.selectFrom("standingApprovals").selectAll().where("runId", "=", runId).orderBy("number").execute();
      return rows.map(toStanding);
    },
    async revoke(runId, id) {
      const row = await db
        .updateTable("standingApprovals")
        .set({ revokedAt: now() })
        .where("runId", "=", runId)
        .where("id", "=", id)
        .where("revokedAt", "is", null)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toStanding({ number: _number, ...row }: Selectable<Database["standingApprovals"]>): StandingApproval {
  return row;
}
