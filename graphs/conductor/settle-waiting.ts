import { afterExpiry } from "#src/approval/after-expiry.ts";
import { cancelApprovals } from "#src/approval/cancel-approvals.ts";
import { expireApprovals } from "#src/approval/expire-approvals.ts";
import { remindApprovals } from "#src/approval/remind-approvals.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { stopRun } from "#src/service/stop-run.ts";
import { readPausedTypes } from "#src/triage/paused-type.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** A pause of an action type that nobody answered: asked again, or the run stops, where its config says so. Else see `readPause`. */
async function settlePauses({ store, now }: DiscoveryContext, { run }: RunView): Promise<void> {
  const { askAgain, stopRun: stops } = afterExpiry[run.config.approval.on_expiry];
  if ((!askAgain && !stops) || run.state !== "running") return;
  for (const { approval } of await readPausedTypes(store, run)) {
    if (approval.state !== "expired") continue;
    if (stops) return stopRun(store, run, { now: false, author: "conductor" });
    const { runId, trial, batch, key, estimate, why } = approval;
    await requestApproval(store, { runId, trial, batch, key, estimate, why }, now());
  }
}

/** Ends questions that nobody answered in time, and all of them when the run is stopping; the trials' threads go on from there. */
export async function settleWaiting(context: DiscoveryContext, view: RunView): Promise<void> {
  const { store, now } = context;
  await expireApprovals(store, view.runId, now());
  await remindApprovals(store, view.run, now());
  await settlePauses(context, view);
  if (view.run.state !== "stopping") return;
  await cancelApprovals(store, { runId: view.runId, by: "conductor", reason: "the run was stopped" });
}
