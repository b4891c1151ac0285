import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Calls of language models with what they cost; the run's row holds the totals that caps are checked against. */
export function createLlmCalls({ db, atomically }: StoreContext): Store["llmCalls"] {
  return {
    add: (call) =>
      atomically(async (transaction) => {
        await transaction.insertInto("llmCalls").values(call).execute();
        await transaction
          .updateTable("runs")
          .set((row) => ({
            llmCallCount: row("llmCallCount", "+", 1),
            llmFaultCount: row("llmFaultCount", "+", Number(call.outcome === "fault")),
            llmInputTokens: row("llmInputTokens", "+", call.inputTokens),
            llmOutputTokens: row("llmOutputTokens", "+", call.outputTokens),
            llmUsd: row("llmUsd", "+", call.usd),
          }))
          .where("id", "=", call.runId)
          .execute();
      }),
    async totals(runId) {
      const row = await db
        .selectFrom("runs")
        .select(["llmCallCount", "llmFaultCount", "llmInputTokens", "llmOutputTokens", "llmUsd"])
        .where("id", "=", runId)
        .executeTakeFirst();
      return {
        calls: row?.llmCallCount ?? 0,
        faults: row?.llmFaultCount ?? 0,
        inputTokens: row?.llmInputTokens ?? 0,
        outputTokens: row?.llmOutputTokens ?? 0,
        usd: row?.llmUsd ?? 0,
      };
    },
  };
}
