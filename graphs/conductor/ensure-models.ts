import { loadedModels } from "#src/artefacts/loaded-models.ts";
import type { BatchPart } from "#src/budget/admission.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import { TemperError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Estimate } from "#src/store/store.ts";
import { markUsed, weightsState } from "#tools/artefacts/model-weights.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import type { JobOutcome, JobSpec } from "#tools/job-spec.ts";
import { findKnown } from "#tools/jobs/find-known.ts";
import { planAttempt } from "#tools/jobs/plan-attempt.ts";
import { readPublishedReply } from "#tools/jobs/read-reply.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import type { RunView } from "./run-view.ts";

/** For whom a model is remade: who pays. */
interface Asker {
  trial: number | null;
  batch: BatchPart | null;
  signal?: AbortSignal | undefined;
}

/**
 * Sees to it that models can be loaded: those whose files were removed are made again from their recipe, parents first.
 * @returns what kept it from that, or null when all are there.
 */
export async function ensureModels(
  context: DiscoveryContext,
  view: RunView,
  ids: readonly string[],
  asker: Asker,
): Promise<Exclude<JobOutcome, { status: "ok" }> | null> {
  const { home } = context.jobs;
  for (const model of madeModels(view, ids)) {
    await markUsed(home, model.key, context.now());
    if ((await weightsState(home, model.key)) !== "removed") continue;
    const spec = await remakeSpec(context, view, model, asker);
    const parents = await ensureModels(context, view, model.parents, asker);
    if (parents !== null) return parents;
    const before = await readPublishedReply(home, model.key);
    const outcome = await context.runJob(spec, asker.signal);
    if (outcome.status === "failed") return { ...outcome, detail: `${model.id} could not be remade: ${outcome.detail}` };
    if (outcome.status !== "ok") return outcome;
    await tell(context, view, model, before?.metrics?.model_hash === outcome.replies.train?.metrics.model_hash);
  }
  return null;
}

/** What it would cost to have those models; null when they are all there. */
export async function estimateRemakes(context: DiscoveryContext, view: RunView, ids: readonly string[]): Promise<Estimate | null> {
  const estimates: Estimate[] = [];
  for (const model of madeModels(view, ids)) {
    if ((await weightsState(context.jobs.home, model.key)) !== "removed") continue;
    const spec = await remakeSpec(context, view, model, { trial: null, batch: null });
    const planned = await planAttempt(context.jobs, view.run, spec, await findKnown(context.jobs, spec));
    const parents = await estimateRemakes(context, view, model.parents);
    if (parents !== null) estimates.push(parents);
    if (planned.kind === "try") estimates.push(planned.estimate);
  }
  return addEstimates(estimates);
}

function madeModels(view: RunView, ids: readonly string[]): PoolModel[] {
  const loaded = ids.flatMap((id) => loadedModels(id, view.modelsById)).filter(({ trial }) => trial !== null);
  return [...new Map(loaded.map((model) => [model.id, model])).values()].toReversed();
}

async function remakeSpec(context: DiscoveryContext, view: RunView, model: PoolModel, { trial, batch }: Asker): Promise<JobSpec> {
  const making = model.trial === null ? null : await context.store.trials.find(view.runId, model.trial);
  if (making === null)
    throw new TemperError("not_found", `No trial of ${view.run.name} says how ${model.id} was made.`, { model: model.id });
  const spec = buildTrainJob(view, making);
  return { ...spec, trial, batch, purpose: "remake", steps: spec.steps.filter((step) => step.name === "train") };
}

async function tell({ store }: DiscoveryContext, view: RunView, { id, key }: PoolModel, isSame: boolean): Promise<void> {
  const text = isSame
    ? `${id} was made again from its recipe, to the same bytes.`
    : `${id} was made again from its recipe; its bytes differ from before, as they may on another machine or with other versions.`;
  await store.events.append({ runId: view.runId, kind: "model-remake", actor: "conductor", trial: null, text, fields: { key, isSame } });
}
