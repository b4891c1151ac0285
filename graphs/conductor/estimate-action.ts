import { actionTypes } from "#src/action/action-types.ts";
import type { Action } from "#src/action/action.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import { costedItems } from "#src/budget/costed-items.ts";
import type { Estimate } from "#src/store/store.ts";
import { readPublishedReply } from "#tools/jobs/read-reply.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** An action of a batch, whose parents may not be there yet. */
export interface PlannedAction {
  action: Action;
  key: string;
}

/**
 * What an action of a batch would cost with its evaluation; null when its model is known already. Parents that are not
 * made yet count as big as the first base.
 */
export async function estimateAction(context: DiscoveryContext, view: RunView, { action, key }: PlannedAction): Promise<Estimate | null> {
  if ((await readPublishedReply(context.jobs.home, key))?.status === "ok") return null;
  const models = action.models.flatMap((id) => view.modelsById.get(id) ?? view.bases[0] ?? []);
  const datasets = action.datasets.flatMap((id) => view.datasetsById.get(id) ?? []);
  const counts = view.run.tasks.map((task) => ({ task: task.id, items: task.items.search }));
  const items = costedItems(view.run.config.tasks, counts);
  const { costModel, executor } = context.jobs;
  return costModel.estimate({
    actionType: action.type,
    work: actionTypes[action.type].cost(models, datasets, action.setting).work + (models[0]?.parameters ?? 0) * items,
    usdPerDeviceHour: view.run.config.budget.usd_per_device_hour,
    devices: executor.device.perJob,
  });
}

/** Cost of the actions that are not known yet, together; null when all are. */
export async function estimateActions(
  context: DiscoveryContext,
  view: RunView,
  actions: readonly PlannedAction[],
): Promise<Estimate | null> {
  const estimates: Estimate[] = [];
  for (const planned of actions) {
    const estimate = await estimateAction(context, view, planned);
    if (estimate !== null) estimates.push(estimate);
  }
  return addEstimates(estimates);
}
