import { batchKey } from "#src/action/key.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Store } from "#src/store/store.ts";
import type { JobOutcome } from "#tools/job-spec.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** What people are asked about together when something joins a run that goes on. */
export const additions = "additions";

/** The batch that measuring a model outside of a trial belongs to: before the first trial it is part of the baselines. */
export async function batchOfMeasuring(store: Store, view: RunView): Promise<"baselines" | typeof additions> {
  if (view.nextTrial > 1) return additions;
  return (await store.approvals.latestOfBatch(view.runId, additions)) === null ? "baselines" : additions;
}

/**
 * Asks people about measuring a model when the yes to what joined does not cover it: it was thought to cost less. After a
 * no it is asked anew, and whoever resumes the run answers then.
 * @returns false where asking would not help: a cap stands against it.
 */
export async function askToMeasure(
  { store, now }: DiscoveryContext,
  { runId }: RunView,
  model: PoolModel,
  { status, why, estimate }: Extract<JobOutcome, { status: "ask" | "refused" }>,
): Promise<boolean> {
  const members = [model.key];
  const isRejected = (await store.approvals.listing(runId, additions, members))?.state === "rejected";
  if (status === "refused" && !isRejected) return false;
  await requestApproval(store, { runId, trial: null, batch: additions, key: batchKey(members), members, estimate, why }, now());
  return true;
}
