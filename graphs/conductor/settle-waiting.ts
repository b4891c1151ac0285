import { cancelApprovals } from "#src/approval/cancel-approvals.ts";
import { expireApprovals } from "#src/approval/expire-approvals.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** Ends questions that nobody answered in time, and all of them when the run is stopping; the trials' threads go on from there. */
export async function settleWaiting({ store, now }: DiscoveryContext, view: RunView): Promise<void> {
  await expireApprovals(store, view.runId, now());
  if (view.run.state !== "stopping") return;
  await cancelApprovals(store, { runId: view.runId, by: "conductor", reason: "the run was stopped" });
}
