import { isOfType } from "../action/action.ts";
import type { StandingApproval } from "../store/standing-approvals.ts";
import type { Run, Store } from "../store/store.ts";
import type { AdmissionRequest } from "./admission.ts";
import { exceeds } from "./why-ask.ts";

/**
 * The standing approval that covers a trial's job: of its action type, not over, not revoked, and with room for the job's
 * p90 beside what was used. What two people have to approve is never covered.
 */
export async function findStanding(store: Store, run: Run, request: AdmissionRequest, now: Date): Promise<StandingApproval | null> {
  const trial = request.trial === null || request.batch !== null ? null : await store.trials.find(run.id, request.trial);
  const second = run.config.approval.two_approvers_over;
  if (trial === null || (second !== undefined && exceeds(second, request.estimate) !== null)) return null;
  for (const standing of await store.standingApprovals.list(run.id)) {
    if (standing.revokedAt !== null || standing.until <= now.toISOString()) continue;
    if (standing.actionType !== null && !isOfType(trial.action.type, standing.actionType)) continue;
    const used = await store.jobs.spentOnApproval(standing.id);
    const hours = (used.deviceSeconds + used.reservedDeviceSeconds) / 3600;
    if (hours + request.estimate.deviceHoursP90 <= standing.deviceHours) return standing;
  }
  return null;
}
