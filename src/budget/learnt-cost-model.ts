import type { Store } from "../store/store.ts";
import { CostModel } from "./cost-model.ts";
import type { DeviceKind } from "./cost-prior.ts";

/** Finished jobs that a new process learns costs from. */
const jobsToLearnFrom = 500;

/** A cost model that has learnt from the latest finished jobs of a home. */
export async function learntCostModel(store: Store, device: DeviceKind): Promise<CostModel> {
  const costModel = new CostModel({ device });
  for (const job of (await store.jobs.finished(jobsToLearnFrom)).toReversed()) costModel.learn(job);
  return costModel;
}
