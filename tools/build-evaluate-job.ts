import type { BatchPart } from "#src/budget/admission.ts";
import type { Split } from "#src/pool/objects.ts";
import { evaluateStep } from "./evaluate-step.ts";
import type { JobSpec } from "./job-spec.ts";
import type { JobView } from "./job-view.ts";
import { findModel, modelRef } from "./model-ref.ts";

/** A job that evaluates one model of the pool on one split of all the run's tasks. */
export function buildEvaluateJob(
  view: JobView,
  { model: id, split, trial = null, batch = null }: { model: string; split: Split; trial?: number | null; batch?: BatchPart | null },
): JobSpec {
  const step = evaluateStep(view.run, modelRef(view, id), findModel(view, id).parameters, split);
  return { run: view.run.id, trial, batch, key: step.key, actionType: "evaluate", purpose: "evaluate", steps: [step] };
}
