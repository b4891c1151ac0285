import { learntCostModel } from "#src/budget/learnt-cost-model.ts";
import { UserInputError } from "#src/errors.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { type AddedObjects, configToPrepare, describeAdded } from "#src/service/extension/added-objects.ts";
import { estimateExtension } from "#src/service/extension/estimate-extension.ts";
import { knownObjects, namesOf } from "#src/service/extension/known-objects.ts";
import type { Estimate, Run } from "#src/store/store.ts";
import { prepareObjects } from "#tools/prepare.ts";
import { openExecutor } from "../terminal/open-executor.ts";
import type { PlanPlace } from "./plan-run.ts";

interface ExtensionPlan {
  prepared: PreparedObjects;
  /** Datasets and tasks of the run that it was compared with. */
  compared: string[];
  /** What measuring it costs; null for nothing. */
  estimate: Estimate | null;
}

/**
 * Reads what is to join a run, and says what measuring it costs. Nothing is started but the reading.
 * @throws UserInputError when something is wrong with it.
 */
export async function planExtension({ store, home, now, log, offline }: PlanPlace, run: Run, added: AddedObjects): Promise<ExtensionPlan> {
  const executor = await openExecutor({ store, home }, run.config);
  try {
    const costModel = await learntCostModel(store, executor.device.kind);
    const context = { store, executor, home, costModel, now, log };
    const known = await knownObjects(store, run);
    const prepared = await prepareObjects(context, configToPrepare(run.config, added), { offline, known });
    if (prepared.problems.length > 0) {
      const problems = prepared.problems.map(({ object, message }) => `${object}: ${message}`).join("; ");
      throw new UserInputError(`${describeAdded(added)} cannot join ${run.name}. ${problems}`);
    }
    const estimate = await estimateExtension(store, run, { added, prepared, costModel, devices: executor.device.perJob });
    return { prepared, compared: namesOf(known), estimate };
  } finally {
    await executor.close();
  }
}
