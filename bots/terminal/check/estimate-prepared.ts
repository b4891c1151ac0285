import { costedItems } from "#src/budget/costed-items.ts";
import { CostModel } from "#src/budget/cost-model.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import { estimateRun, type RunEstimate } from "#src/service/estimate-run.ts";
import type { OpenedHome } from "../home.ts";
import { openExecutor } from "../open-executor.ts";

/** Finished jobs that the estimate learns from. */
const jobsToLearnFrom = 500;

/** What a run of these objects would do and cost, from what jobs of this home have cost. */
export async function estimatePrepared(opened: OpenedHome, config: RunConfig, prepared: PreparedObjects): Promise<RunEstimate> {
  const executor = await openExecutor(opened, config);
  await executor.close();
  const costModel = new CostModel({ device: executor.device.kind });
  for (const job of (await opened.store.jobs.finished(jobsToLearnFrom)).toReversed()) costModel.learn(job);
  return estimateRun({
    config,
    models: prepared.models.map(({ id, key, compatibility, parameters, path, form }, index) => ({
      kind: "model",
      id: `m${index}`,
      name: id,
      key,
      parents: [],
      trial: null,
      base: `m${index}`,
      depth: 0,
      compatibility,
      parameters,
      path,
      form,
    })),
    datasets: prepared.datasets.map(({ id, key, format, rows, mean_tokens: meanTokens, path }) => ({
      kind: "dataset",
      id,
      key,
      format,
      rows,
      meanTokens,
      path,
    })),
    items: costedItems(
      config.tasks,
      prepared.tasks.map((task) => ({ task: task.id, items: task.items.search })),
    ),
    costModel,
    devices: executor.device.perJob,
  });
}
