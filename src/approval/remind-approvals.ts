import type { Run, Store } from "../store/store.ts";
import { describeSubject } from "./request-approval.ts";

/** Reminds people once of each question that expires soon; bots tell it on. */
export async function remindApprovals(store: Store, run: Pick<Run, "id" | "config">, now: Date): Promise<void> {
  const soon = new Date(now.getTime() + run.config.approval.remind_hours * 3_600_000).toISOString();
  for (const approval of await store.approvals.list(run.id, "pending")) {
    if (approval.expiresAt <= now.toISOString() || approval.expiresAt > soon) continue;
    await store.transaction(async (inside) => {
      if (!(await inside.approvalVotes.remind(approval.id))) return;
      await inside.events.append({
        runId: run.id,
        kind: "approval-remind",
        actor: "conductor",
        trial: approval.trial,
        text: `Approval ${approval.id} for ${describeSubject(approval)} still waits; it expires at ${approval.expiresAt}.`,
        fields: { approval: approval.id, key: approval.key },
      });
    });
  }
}
