import { TemperError } from "../errors.ts";
import type { Approval, Estimate, Store } from "../store/store.ts";
import { pausedTypeOf } from "../triage/paused-type.ts";

interface ApprovalRequest {
  runId: string;
  /** The trial, or null for a batch. */
  trial: number | null;
  /** `baselines`, `finalize`, `replay`, or null for a trial. */
  batch: string | null;
  /** Action key of the trial, or the hash over the batch's keys. */
  key: string;
  /** Keys of all that a batch's approval shall hold for. */
  members?: readonly string[];
  estimate: Estimate;
  /** Why people are asked: `up to 3.4 device-hours, over 1.0 device-hours`. */
  why: string;
}

/**
 * Asks people. The same question that is open already is returned as it is, so a node that runs again asks once.
 * An answer that was given before does not count here: whoever asks has seen that it does not cover the job any more.
 */
export async function requestApproval(store: Store, request: ApprovalRequest, now: Date): Promise<Approval> {
  return store.transaction(async (inside) => {
    const open = await inside.approvals.pendingOfKey(request.runId, request.key);
    if (open !== null) return open;

    const run = await inside.runs.find(request.runId);
    if (run === null) throw new TemperError("not_found", `There is no run ${request.runId}.`, { run: request.runId });
    const number = (await inside.approvals.count(request.runId)) + 1;
    const approval: Approval = {
      ...request,
      members: request.members ?? [],
      id: `${run.id}-a${number}`,
      state: "pending",
      createdAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + run.config.approval.expires_hours * 3_600_000).toISOString(),
      decidedBy: null,
      decidedAt: null,
      reason: null,
    };
    await inside.approvals.create(approval);
    await inside.events.append({
      runId: run.id,
      kind: "approval-request",
      actor: "conductor",
      trial: request.trial,
      text: `Approval ${approval.id} is asked for ${describeSubject(approval)}: ${request.why}.`,
      fields: { approval: approval.id, key: request.key, estimate: request.estimate },
    });
    return approval;
  });
}

/** `trial 12`, `the baselines`, `finalize`. */
export function describeSubject({ trial, batch }: Pick<Approval, "trial" | "batch">): string {
  if (trial !== null) return `trial ${trial}`;
  const paused = pausedTypeOf({ trial, batch });
  if (paused !== null) return `going on with ${paused}`;
  if (batch === "additions") return "measuring what was added";
  return batch === "baselines" ? "the baselines" : (batch ?? "a job");
}
