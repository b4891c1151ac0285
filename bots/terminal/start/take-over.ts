import { learntCostModel } from "#src/budget/learnt-cost-model.ts";
import { whyAsk } from "#src/budget/why-ask.ts";
import { UserInputError } from "#src/errors.ts";
import { addedObjects, configToPrepare, describeAdded, isNothing } from "#src/service/extension/added-objects.ts";
import { checkExtension } from "#src/service/extension/check-extension.ts";
import { estimateExtension } from "#src/service/extension/estimate-extension.ts";
import { extendRun } from "#src/service/extension/extend-run.ts";
import { knownObjects, namesOf } from "#src/service/extension/known-objects.ts";
import type { Run } from "#src/store/store.ts";
import { localAuthor } from "../author.ts";
import { openExecutor } from "../open-executor.ts";
import { formatEstimate } from "../render/format-estimate.ts";
import type { StartRequest } from "./start-request.ts";

/** Lets a run go on under a changed config: settings change, and what is new joins it, all at once. */
export async function takeOver(request: StartRequest, run: Run): Promise<void> {
  const { opened, config, terminal } = request;
  const { store } = opened;
  const added = addedObjects(run.config, config);
  if (isNothing(added)) return store.runs.setConfig(run.id, config);
  // Under the new settings, without what joins: that is added with its registration.
  const settings = { ...config, models: run.config.models, datasets: run.config.datasets, tasks: withoutNew(run, config.tasks) };
  checkExtension({ ...run, config: settings }, added);
  terminal.err(`Reading ${describeAdded(added)} …\n`);
  const { prepareForRun } = await import("./prepare.ts");
  const known = await knownObjects(store, run);
  const prepared = await prepareForRun(terminal, opened, configToPrepare(config, added), { offline: request.offline, known });
  if (prepared.problems.length > 0) {
    const problems = prepared.problems.map(({ object, message }) => `${object}: ${message}`).join("; ");
    throw new UserInputError(`${describeAdded(added)} cannot join ${run.name}. ${problems}`);
  }
  const changed = { ...run, config: settings };
  const estimate = await measuringCost(request, changed, { added, prepared });
  const why = estimate === null ? null : whyAsk(settings, estimate);
  if (estimate !== null) terminal.err(`Measuring it before the next trial: ${formatEstimate(estimate)}.\n`);
  if (why !== null && !request.yes) {
    const answer = await terminal.ask(`That is ${why}. Approve it? [y/N] `);
    if (answer === null || !/^y(es)?$/i.test(answer)) throw new UserInputError("Nothing was changed.", { run: run.name }, "conflict");
  }
  const author = localAuthor();
  const person = { platform: "terminal", id: author, name: author, role: "owner" } as const;
  const text = await store.transaction(async (inside) => {
    await inside.runs.setConfig(run.id, settings);
    return extendRun(inside, run, { added, prepared, compared: namesOf(known), estimate, person, now: terminal.now() });
  });
  terminal.err(`${text}\n`);
}

function withoutNew(run: Run, tasks: Run["config"]["tasks"]): Run["config"]["tasks"] {
  return Object.fromEntries(Object.entries(tasks).filter(([name]) => Object.hasOwn(run.config.tasks, name)));
}

async function measuringCost(
  { opened }: StartRequest,
  run: Run,
  parts: Pick<Parameters<typeof estimateExtension>[2], "added" | "prepared">,
): Promise<Awaited<ReturnType<typeof estimateExtension>>> {
  const { store } = opened;
  const executor = await openExecutor(opened, run.config);
  try {
    const costModel = await learntCostModel(store, executor.device.kind);
    return await estimateExtension(store, run, { ...parts, costModel, devices: executor.device.perJob });
  } finally {
    await executor.close();
  }
}
