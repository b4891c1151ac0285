import type { Approval, Run, Store } from "../store/store.ts";
import type { Admission, AdmissionRequest } from "./admission.ts";
import { findStanding } from "./find-standing.ts";
import { formatDeviceHours } from "./format-amount.ts";
import { overrun } from "./time-limit.ts";

const msPerHour = 3_600_000;

/**
 * What people have said about this job. A trial's approval holds for the trial's key; a batch's for what it listed, and
 * for nothing that came to the batch since. Either covers what was estimated then, × 1.25, over all attempts, and is to be used within `expires_hours`
 * of the decision; once used it stays good for the rest of the same work.
 */
export async function checkApproval(store: Store, run: Run, request: AdmissionRequest, why: string | null, now: Date): Promise<Admission> {
  const found = await findApproval(store, run.id, request);
  const approval = found !== null && request.moreTime?.notBy.includes(found.id) === true ? null : found;
  if (approval === null) return why === null ? { verdict: "admitted", approvalId: null } : askUnlessStanding(store, run, request, why, now);
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
      return why === null ? { verdict: "admitted", approvalId: null } : askUnlessStanding(store, run, request, why, now);
  }
}

/** A yes that was given beforehand to trials of this kind covers the job, or people are asked. */
async function askUnlessStanding(store: Store, run: Run, request: AdmissionRequest, why: string, now: Date): Promise<Admission> {
  const standing = request.moreTime == null ? await findStanding(store, run, request, now) : null;
  return standing === null ? { verdict: "ask", why } : { verdict: "admitted", approvalId: standing.id };
}

/** A trial of a batch has an approval of its own when people were asked to give it more time. */
async function findApproval(store: Store, runId: string, request: AdmissionRequest): Promise<Approval | null> {
  const own = await ofTrial(store, runId, request);
  if (own !== null || request.batch === null || request.moreTime != null) return own;
  return store.approvals.listing(runId, request.batch.name, request.batch.members);
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
