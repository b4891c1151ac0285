import type { Approval, Store, Trial } from "../store/store.ts";
import type { ApprovalFacts } from "./why-facts.ts";

function ofApproval(approval: Approval): ApprovalFacts {
  return {
    state: approval.state,
    by: approval.decidedBy,
    at: approval.decidedAt,
    reason: approval.reason,
    why: approval.why,
    deviceHoursP90: approval.estimate.deviceHoursP90,
  };
}

/** Who let a trial's job pass: people, or nobody had to be asked. A job names the approval that it ran under. */
export async function approvalFacts(store: Store, trial: Trial): Promise<ApprovalFacts> {
  const own = await store.approvals.ofTrial(trial.runId, trial.number);
  if (own !== null) return ofApproval(own);
  const jobs = await store.jobs.ofTrial(trial.runId, trial.number);
  for (const { approvalId } of jobs) {
    const batch = approvalId === null ? null : await store.approvals.find(approvalId);
    if (batch !== null) return ofApproval(batch);
  }
  return { state: "not-needed", by: null, at: null, reason: null, why: null, deviceHoursP90: jobs[0]?.estimate.deviceHoursP90 ?? null };
}
