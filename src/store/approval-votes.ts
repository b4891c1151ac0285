import type { Timestamp } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** One person's yes to an approval that needs more than one. */
export interface ApprovalVote {
  approval: string;
  /** The key that the person saw. */
  key: string;
  /** `platform:id`. */
  person: string;
  name: string;
  createdAt: Timestamp;
}

export interface ApprovalVoteStore {
  /** False when this person said yes before. */
  add(vote: Omit<ApprovalVote, "createdAt">): Promise<boolean>;
  list(approval: string): Promise<ApprovalVote[]>;
  /** True the first time: people are reminded of a question once. */
  remind(approval: string): Promise<boolean>;
}

/** Yeses that are not enough by themselves. */
export function createApprovalVotes({ db, now }: StoreContext): ApprovalVoteStore {
  return {
    async add(vote) {
      const row = await db
        .insertInto("approvalVotes")
        .values({ ...vote, createdAt: now() })
        .onConflict((conflict) => conflict.columns(["approval", "person"]).doNothing())
        .returning("approval")
        .executeTakeFirst();
      return row !== undefined;
    },
    list: (approval) =>
      db.selectFrom("approvalVotes").selectAll().where("approval", "=", approval).orderBy("createdAt").orderBy("person").execute(),
    async remind(approval) {
      const row = await db
        .insertInto("approvalReminders")
        .values({ approval, createdAt: now() })
        .onConflict((conflict) => conflict.column("approval").doNothing())
        .returning("approval")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
