import type { Selectable } from "kysely";
import type { Proposal } from "../proposal/proposal.ts";
import type { Database } from "./database.ts";
import type { StoreContext } from "./store-context.ts";

export interface ProposalStore {
  /** Numbered `p1`, `p2`, … in the order of their making. */
  create(proposal: Pick<Proposal, "runId" | "body" | "author" | "authorName" | "expiresAt">): Promise<Proposal>;
  find(id: string): Promise<Proposal | null>;
  /** Of a run, or of all, oldest first. */
  list(filter?: { runId?: string; state?: Proposal["state"] }): Promise<Proposal[]>;
  /** The first decision wins; null when it was decided before. */
  decide(id: string, to: Exclude<Proposal["state"], "pending">, by: string): Promise<Proposal | null>;
  setOutcome(id: string, runId: string | null, outcome: string): Promise<void>;
}

/** What people asked for and others, or they themselves, have to confirm. */
export function createProposals({ db, now, atomically }: StoreContext): ProposalStore {
  return {
    create: ({ body, ...proposal }) =>
      atomically(async (transaction) => {
        const last = await transaction
          .selectFrom("proposals")
          .select((column) => column.fn.max("position").as("position"))
          .executeTakeFirst();
        const position = (last?.position ?? 0) + 1;
        const row = await transaction
          .insertInto("proposals")
          .values({
            ...proposal,
            position,
            id: `p${position}`,
            bodyJson: JSON.stringify(body),
            state: "pending",
            createdAt: now(),
            decidedBy: null,
            decidedAt: null,
            outcome: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toProposal(row);
      }),
    async find(id) {
      const row = await db.selectFrom("proposals").selectAll().where("id", "=", id).executeTakeFirst();
      return row === undefined ? null : toProposal(row);
    },
    async list({ runId, state } = {}) {
      let query = db.selectFrom("proposals").selectAll().orderBy("position");
      if (runId !== undefined) query = query.where("runId", "=", runId);
      if (state !== undefined) query = query.where("state", "=", state);
      return (await query.execute()).map(toProposal);
    },
    async decide(id, to, by) {
      const row = await db
        .updateTable("proposals")
        .set({ state: to, decidedBy: by, decidedAt: now() })
        .where("id", "=", id)
        .where("state", "=", "pending")
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : toProposal(row);
    },
    async setOutcome(id, runId, outcome) {
      await db.updateTable("proposals").set({ runId, outcome }).where("id", "=", id).execute();
    },
  };
}

function toProposal({ position: _position, bodyJson, ...row }: Selectable<Database["proposals"]>): Proposal {
  return { ...row, body: bodyJson };
}
