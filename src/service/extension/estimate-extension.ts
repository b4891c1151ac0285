import { addEstimates } from "../../budget/add-estimates.ts";
import type { CostModel } from "../../budget/cost-model.ts";
import { costedItems } from "../../budget/costed-items.ts";
import type { PreparedObjects } from "../../pool/prepared-objects.ts";
import type { Estimate, Run, Store } from "../../store/store.ts";
import { type AddedObjects, withAdded } from "./added-objects.ts";
import { modelsToMeasure } from "./models-to-measure.ts";

interface Input {
  added: AddedObjects;
  prepared: PreparedObjects;
  costModel: CostModel;
  /** Devices that a job holds at once. */
  devices: number;
}

/** What measuring costs before the run can go on with what joins: new models on every task, models of before on new tasks. */
export async function estimateExtension(store: Store, run: Run, { added, prepared, costModel, devices }: Input): Promise<Estimate | null> {
  const { tasks } = withAdded(run.config, added);
  const fresh = prepared.tasks
    .filter(({ id }) => Object.hasOwn(added.tasks, id))
    .map(({ id, items }) => ({ task: id, items: items.search }));
  const before = run.tasks.map(({ id, items }) => ({ task: id, items: items.search }));
  const ofModel = (parameters: number, counts: readonly { task: string; items: number }[]) =>
    costModel.estimate({
      actionType: "evaluate",
      work: parameters * costedItems(tasks, counts),
      usdPerDeviceHour: run.config.budget.usd_per_device_hour,
      devices,
    });
  const bases = prepared.models.filter(({ id }) => Object.hasOwn(added.models, id));
  const known = fresh.length === 0 ? [] : await modelsToMeasure(store, run);
  return addEstimates([
    ...bases.map(({ parameters }) => ofModel(parameters, [...before, ...fresh])),
    ...known.map(({ parameters }) => ofModel(parameters, fresh)),
  ]);
}
