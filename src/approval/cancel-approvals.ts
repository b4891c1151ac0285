import type { Approval, Store } from "../store/store.ts";

/** Takes back the open questions of a run that is over, or of one of its trials. To be called in a transaction with what made them moot. */
export async function cancelApprovals(
  store: Store,
  { runId, trial, by, reason }: { runId: string; trial?: number; by: string; reason: string },
): Promise<Approval[]> {
  const cancelled: Approval[] = [];
  for (const { id, key, trial: asked } of await store.approvals.list(runId, "pending")) {
    if (trial !== undefined && asked !== trial) continue;
    const approval = await store.approvals.decide(id, key, "cancelled", by, reason);
    if (approval !== null) cancelled.push(approval);
  }
  return cancelled;
}
