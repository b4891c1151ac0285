import type { Approval, Run, Store } from "../store/store.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { formatDeviceHours } from "./format-amount.ts";
import { overrun } from "./time-limit.ts";

const msPerHour = 3_600_000;

/**
 * What people have said about this job. A trial's approval holds for the trial's key; a batch's for the jobs of the
 * batch. Either covers what was estimated then, × 1.25, over all attempts, and is to be used within `expires_hours`
 * of the decision; once used it stays good for the rest of the same work.
 */
export async function checkApproval(store: Store, run: Run, request: AdmissionRequest, why: string | null, now: Date): Promise<Admission> {
  const approval =
    request.batch === null ? await ofTrial(store, run.id, request) : await store.approvals.latestOfBatch(run.id, request.batch);
  if (approval === null) return why === null ? { verdict: "admitted", approvalId: null } : { verdict: "ask", why };
  switch (approval.state) {
    case "approved":
      return useApproval(store, run, approval, request, why, now);
    case "pending":
      return { verdict: "ask", why: why ?? approval.why };
    case "rejected": {
      const reason = approval.reason === null ? "" : `: ${approval.reason}`;
      return { verdict: "refuse", why: `rejected by ${approval.decidedBy ?? "a person"}${reason}` };
    }
    case "expired":
    case "cancelled":
      // What then happens is the config's `on_expiry`; a new question may be asked where a job still needs an answer.
      return why === null ? { verdict: "admitted", approvalId: null } : { verdict: "ask", why };
  }
}

/** The trial's approval, when it was asked for this very action. */
async function ofTrial(store: Store, runId: string, { trial: number, key }: AdmissionRequest): Promise<Approval | null> {
  if (number === null) return null;
  const approval = await store.approvals.ofTrial(runId, number);
  if (approval === null || approval.key === key) return approval;
  // An evaluation of the trial's model has a key of its own and is part of what was approved.
  const trial = await store.trials.find(runId, number);
  return approval.key === trial?.key ? approval : null;
}

async function useApproval(
  store: Store,
  run: Run,
  approval: Approval,
  request: AdmissionRequest,
  why: string | null,
  now: Date,
): Promise<Admission> {
  const used = await store.jobs.spentOnApproval(approval.id);
  const usedHours = (used.deviceSeconds + used.reservedDeviceSeconds) / 3600;
  const needed = usedHours + request.estimate.deviceHoursP90;
  const allowed = approval.estimate.deviceHoursP90 * overrun;
  if (needed > allowed) {
    const estimated = formatDeviceHours(approval.estimate.deviceHoursP90);
    return askUnlessSmall(why, `it was approved at up to ${estimated} and would now take up to ${formatDeviceHours(needed)}`);
  }
  const decidedAt = Date.parse(approval.decidedAt ?? approval.createdAt);
  const isStale = usedHours === 0 && now.getTime() > decidedAt + run.config.approval.expires_hours * msPerHour;
  if (isStale)
    return askUnlessSmall(why, `it was approved more than ${run.config.approval.expires_hours} hours ago and has not started since`);
  return { verdict: "admitted", approvalId: approval.id };
}

/** A job under the threshold needs no approval, so one that no longer covers it changes nothing. */
function askUnlessSmall(why: string | null, reason: string): Admission {
  return why === null ? { verdict: "admitted", approvalId: null } : { verdict: "ask", why: reason };
}
