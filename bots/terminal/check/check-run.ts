import { costedItems } from "#src/budget/costed-items.ts";
import { CostModel } from "#src/budget/cost-model.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import type { CommandHost } from "../command-host.ts";
import { exitCodes, type ExitCode } from "../exit-code.ts";
import { type OpenedHome, withHome } from "../home.ts";
import { openExecutor } from "../open-executor.ts";
import { problemLines, renderPrepared } from "../render/render-prepared.ts";
import { renderEstimate } from "../render/render-run-estimate.ts";
import { prepareForRun } from "../start/prepare.ts";
import { estimateRun, type RunEstimate } from "./estimate-run.ts";

/** Finished jobs that the estimate learns from. */
const jobsToLearnFrom = 500;

interface CheckRequest {
  file: string;
  config: RunConfig;
  home: string;
  offline: boolean;
  json: boolean;
}

async function estimate(opened: OpenedHome, config: RunConfig, prepared: PreparedObjects): Promise<RunEstimate> {
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

/** Reads what the config names, says what is wrong with it, and what the run will do and cost. */
export async function checkRun(host: CommandHost, { file, config, home, offline, json }: CheckRequest): Promise<ExitCode> {
  const { terminal } = host;
  return withHome({ terminal, home, create: true }, async (opened) => {
    const prepared = await prepareForRun(terminal, opened, config, offline);
    if (prepared.problems.length > 0) {
      if (json) host.printJson({ ok: false, problems: prepared.problems });
      else terminal.err(`${problemLines(prepared).join("\n")}\n`);
      return exitCodes.wrongUse;
    }
    const found = await estimate(opened, config, prepared);
    if (json) host.printJson({ ok: true, prepared, estimate: found });
    else host.print(`${file} is fine.\n\n${renderPrepared(prepared)}\n${renderEstimate(found, config)}\nStart it: temper start ${file}`);
    return exitCodes.done;
  });
}
