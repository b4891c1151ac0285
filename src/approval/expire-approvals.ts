import type { Approval, Store } from "../store/store.ts";
import { describeSubject } from "./request-approval.ts";

/**
 * Ends the approvals of a run that nobody answered in time.
 * @returns those that this call ended; what follows from it is `approval.on_expiry` of the config: see `afterExpiry`.
 */
export async function expireApprovals(store: Store, runId: string, now: Date): Promise<Approval[]> {
  const time = now.toISOString();
  const overdue = (await store.approvals.list(runId, "pending")).filter((approval) => approval.expiresAt <= time);
  if (overdue.length === 0) return [];
  return store.transaction(async (inside) => {
    const expired: Approval[] = [];
    for (const { id, key } of overdue) {
      const approval = await inside.approvals.decide(id, key, "expired", "conductor", null);
      if (approval === null) continue;
      expired.push(approval);
      await inside.events.append({
        runId,
        kind: "approval-expire",
        actor: "conductor",
        trial: approval.trial,
        text: `Nobody answered approval ${id} for ${describeSubject(approval)} by ${approval.expiresAt}.`,
        fields: { approval: id, key },
      });
    }
    return expired;
  });
}
