import type { Selectable } from "kysely";
import type { Database } from "./database.ts";
import type { Decision, Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Decision records: written once, never changed. */
export function createDecisions({ db, atomically }: StoreContext): Store["decisions"] {
  const rowsOf = (runId: string) => db.selectFrom("decisions").selectAll().where("runId", "=", runId);

  return {
    add: ({ proposal, ...decision }) =>
      atomically(async (transaction) => {
        await transaction
          .insertInto("decisions")
          .values({ ...decision, proposalJson: JSON.stringify(proposal) })
          .execute();
        await transaction
          .updateTable("runs")
          .set((row) => ({ decisionCount: row("decisionCount", "+", 1) }))
          .where("id", "=", decision.runId)
          .execute();
      }),
    async ofTrial(runId, trial) {
      const row = await rowsOf(runId).where("trial", "=", trial).orderBy("number", "desc").executeTakeFirst();
      return row === undefined ? null : toDecision(row);
    },
    async list(runId) {
      const rows = await rowsOf(runId).orderBy("number").execute();
      return rows.map(toDecision);
    },
    async count(runId) {
      const row = await db.selectFrom("runs").select("decisionCount").where("id", "=", runId).executeTakeFirst();
      return row?.decisionCount ?? 0;
    },
  };
}

function toDecision({ proposalJson, ...row }: Selectable<Database["decisions"]>): Decision {
  return { ...row, proposal: proposalJson };
}
