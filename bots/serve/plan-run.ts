import { costedItems } from "#src/budget/costed-items.ts";
import { learntCostModel } from "#src/budget/learnt-cost-model.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { UserInputError } from "#src/errors.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import type { ProposalBody } from "#src/proposal/proposal.ts";
import { estimateRun } from "#src/service/estimate-run.ts";
import type { Store } from "#src/store/store.ts";
import type { JobLogger } from "#tools/job-context.ts";
import { prepareObjects } from "#tools/prepare.ts";
import { openExecutor } from "../terminal/open-executor.ts";

/** What planning stands on. */
export interface PlanPlace {
  store: Store;
  home: string;
  now(): Date;
  log: JobLogger;
  /** Nothing is fetched: what is not here is a problem. */
  offline: boolean;
}

/**
 * Reads what a run is to work with, and says what it will do and cost. Nothing is started but the reading.
 * @throws UserInputError when something is wrong with a model, dataset or task.
 */
export async function planRun(
  { store, home, now, log, offline }: PlanPlace,
  config: RunConfig,
): Promise<Extract<ProposalBody, { kind: "start" }>> {
  const executor = await openExecutor({ store, home }, config);
  try {
    const costModel = await learntCostModel(store, executor.device.kind);
    const prepared = await prepareObjects({ store, executor, home, costModel, now, log }, config, { offline });
    if (prepared.problems.length > 0) {
      const problems = prepared.problems.map(({ object, message }) => `${object}: ${message}`).join("; ");
      throw new UserInputError(`${config.name} cannot be planned. ${problems}`);
    }
    const estimate = estimateRun({ config, ...poolOf(prepared, config), costModel, devices: executor.device.perJob });
    return { kind: "start", config, prepared, estimate };
  } finally {
    await executor.close();
  }
}

/** The objects as a run would have them at its start. */
function poolOf({ models, datasets, tasks }: PreparedObjects, config: RunConfig) {
  const counts = tasks.map(({ id, items }) => ({ task: id, items: items.search }));
  return {
    models: models.map(({ id, key, compatibility, parameters, path, form }, index) => {
      const own = `m${index}`;
      return {
        kind: "model" as const,
        id: own,
        name: id,
        key,
        parents: [],
        trial: null,
        base: own,
        depth: 0,
        compatibility,
        parameters,
        path,
        form,
      };
    }),
    datasets: datasets.map(({ id, key, format, rows, mean_tokens: meanTokens, path }) => {
      return { kind: "dataset" as const, id, key, format, rows, meanTokens, path };
    }),
    items: costedItems(config.tasks, counts),
  };
}
