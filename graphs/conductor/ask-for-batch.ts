import { afterExpiry } from "#src/approval/after-expiry.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { batchKey } from "#src/action/key.ts";
import { whyAsk } from "#src/budget/why-ask.ts";
import { stopRun } from "#src/service/stop-run.ts";
import type { Estimate } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** Whether a batch may go on: yes, not before somebody answered, or not at all. */
export type BatchVerdict = "go" | "wait" | "leave-out";

export interface Batch {
  name: "baselines" | "replay";
  keys: readonly string[];
  /** Cost of all that is not known yet. */
  estimate: Estimate | null;
}

/** Asks people once about several jobs together, when they cost more than may be spent unasked. */
export async function askForBatch(context: DiscoveryContext, view: RunView, { name, keys, estimate }: Batch): Promise<BatchVerdict> {
  const question = await context.store.approvals.latestOfBatch(view.runId, name);
  switch (question?.state) {
    case "approved":
      return "go";
    case "pending":
      return "wait";
    case "rejected":
    case "cancelled":
      return "leave-out";
    case "expired": {
      const { askAgain, stopRun: stops } = afterExpiry[view.run.config.approval.on_expiry];
      if (stops) await stopRun(context.store, view.run, { now: false, author: "conductor" });
      if (!askAgain) return "leave-out";
      break;
    }
    case undefined:
      break;
  }
  const why = estimate === null ? null : whyAsk(view.run.config, estimate);
  if (estimate === null || why === null) return "go";
  await requestApproval(context.store, { runId: view.runId, trial: null, batch: name, key: batchKey(keys), estimate, why }, context.now());
  return "wait";
}
