import { evaluationKey } from "#src/action/key.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import type { BatchPart } from "#src/budget/admission.ts";
import type { PoolModel, Split } from "#src/pool/objects.ts";
import type { Estimate, Run } from "#src/store/store.ts";
import { buildEvaluateJob } from "#tools/build-evaluate-job.ts";
import type { JobOutcome } from "#tools/job-spec.ts";
import { findKnown } from "#tools/jobs/find-known.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { planSpec } from "../discovery/trial-job.ts";
import { ensureModels, estimateRemakes } from "./ensure-models.ts";
import { recordEvaluations } from "./record-evaluations.ts";
import type { RunView } from "./run-view.ts";

/** A model to be evaluated outside of a trial. */
export interface ModelEvaluation {
  model: PoolModel;
  split: Split;
  /** The batch that people were asked about, with this model on the list; or null. */
  batch: string | null;
}

function partOf({ model, batch }: ModelEvaluation): BatchPart | null {
  return batch === null ? null : { name: batch, members: [model.key] };
}

function specOf({ modelsById, datasetsById }: RunView, run: Run, evaluation: ModelEvaluation) {
  const { model, split } = evaluation;
  return buildEvaluateJob({ run, modelsById, datasetsById }, { model: model.id, split, batch: partOf(evaluation) });
}

/** The run with the tasks that are to be measured: where some joined later, only those that the model has no score on. */
async function withMissing({ store }: DiscoveryContext, { run }: RunView, { model, split }: ModelEvaluation): Promise<Run> {
  if (run.tasks.every(({ joined }) => joined === undefined)) return run;
  const known = new Set((await store.evaluations.ofModels([model.key], split)).map(({ key }) => key));
  return { ...run, tasks: run.tasks.filter((task) => !known.has(evaluationKey(model.key, task.key, split))) };
}

/**
 * Evaluates a model on one split of all the run's tasks and stores the outcomes of every item. Known results cost
 * nothing. `warnings` are what people should know of the result.
 */
export async function evaluateModel(
  context: DiscoveryContext,
  view: RunView,
  evaluation: ModelEvaluation,
  signal?: AbortSignal,
): Promise<JobOutcome & { warnings: string[] }> {
  const run = await withMissing(context, view, evaluation);
  if (run.tasks.length === 0) return { status: "ok", replies: {}, attempts: [], deviceSeconds: 0, warnings: [] };
  const spec = specOf(view, run, evaluation);
  if ((await findKnown(context.jobs, spec)).missing.length > 0) {
    const lacking = await ensureModels(context, view, [evaluation.model.id], { trial: null, batch: partOf(evaluation), signal });
    if (lacking !== null) return { ...lacking, warnings: [] };
  }
  const outcome = await context.runJob(spec, signal);
  if (outcome.status !== "ok" || outcome.replies.evaluate === undefined) return { ...outcome, warnings: [] };
  const warnings = await recordEvaluations(context, run, evaluation.model.key, evaluation.split, outcome.replies.evaluate);
  return { ...outcome, warnings };
}

/** What that would cost; null when the results are known. */
export async function estimateEvaluation(context: DiscoveryContext, view: RunView, evaluation: ModelEvaluation): Promise<Estimate | null> {
  const run = await withMissing(context, view, evaluation);
  const planned = run.tasks.length === 0 ? null : await planSpec(context.jobs, view, specOf(view, run, evaluation));
  if (planned === null) return null;
  const remakes = await estimateRemakes(context, view, [evaluation.model.id]);
  return remakes === null ? planned.estimate : addEstimates([planned.estimate, remakes]);
}
