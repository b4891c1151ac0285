import type { PoolModel, Split } from "#src/pool/objects.ts";
import type { Estimate } from "#src/store/store.ts";
import { buildEvaluateJob } from "#tools/build-evaluate-job.ts";
import type { JobOutcome } from "#tools/job-spec.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { estimateSpec } from "../discovery/trial-job.ts";
import { recordEvaluations } from "./record-evaluations.ts";
import type { RunView } from "./run-view.ts";

/** A model to be evaluated outside of a trial. */
export interface ModelEvaluation {
  model: PoolModel;
  split: Split;
  /** The batch that people were asked about, or null. */
  batch: string | null;
}

function specOf(view: RunView, { model, split, batch }: ModelEvaluation) {
  return buildEvaluateJob(view, { model: model.id, split, batch });
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
  const outcome = await context.runJob(specOf(view, evaluation), signal);
  if (outcome.status !== "ok" || outcome.replies.evaluate === undefined) return { ...outcome, warnings: [] };
  const warnings = await recordEvaluations(context, view.run, evaluation.model.key, evaluation.split, outcome.replies.evaluate);
  return { ...outcome, warnings };
}

/** What that would cost; null when the results are known. */
export function estimateEvaluation(context: DiscoveryContext, view: RunView, evaluation: ModelEvaluation): Promise<Estimate | null> {
  return estimateSpec(context.jobs, view, specOf(view, evaluation));
}
