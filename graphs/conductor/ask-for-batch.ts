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
  /** Keys of all actions and models of it that are still to be made or read. */
  keys: readonly string[];
  /** Cost of all that is not known yet; null when nothing has to be paid, or asked about any more. */
  estimate(): Promise<Estimate | null>;
}

/**
 * Asks people once about several jobs together, when they cost more than may be spent unasked. The answer holds for the
 * list that they were shown, or for what is left of it; a list with something new on it is asked about again.
 */
export async function askForBatch(context: DiscoveryContext, view: RunView, { name, keys, estimate }: Batch): Promise<BatchVerdict> {
  const question = await context.store.approvals.listing(view.runId, name, keys);
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
  const cost = await estimate();
  const why = cost === null ? null : whyAsk(view.run.config, cost);
  if (cost === null || why === null) return "go";
  const about = { runId: view.runId, trial: null, batch: name, key: batchKey(keys), members: keys };
  await requestApproval(context.store, { ...about, estimate: cost, why }, context.now());
  return "wait";
}
