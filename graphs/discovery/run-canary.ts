import { actionKey } from "#src/action/key.ts";
import { describeAction } from "#src/action/describe-action.ts";
import type { Store, Trial } from "#src/store/store.ts";
import { canaryOf } from "#src/triage/canary.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import type { JobOutcome, JobSpec } from "#tools/job-spec.ts";
import { halveBatch } from "#tools/jobs/halve-batch.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf } from "./question-of.ts";

/** A training of the trial's action at the smallest fidelity, which nobody evaluates and nothing is built on. */
function canarySpec(view: RunView, trial: Trial, p90Seconds: number): JobSpec | null {
  const action = canaryOf(trial.action, p90Seconds, view.trials);
  if (action === null) return null;
  const key = actionKey(action, { models: view.modelsById, datasets: view.datasetsById });
  const spec = buildTrainJob(view, { number: trial.number, action, key });
  const steps = spec.steps.filter((step) => step.name === "train").map((step) => ({ ...step, publish: false }));
  return { ...spec, batch: batchOf(trial), purpose: "canary", steps };
}

/**
 * Runs a canary before a long training, or answers from the one that ran. What it fails of the training would fail of,
 * hours later. @param p90Seconds What the whole job may take.
 */
export async function runCanary(
  context: DiscoveryContext,
  view: RunView,
  trial: Trial,
  { p90Seconds, signal }: { p90Seconds: number; signal: AbortSignal | undefined },
): Promise<JobOutcome | null> {
  const spec = canarySpec(view, trial, p90Seconds);
  if (spec === null) return null;
  const minutes = Math.ceil(p90Seconds / 60);
  if ((await context.store.jobs.ofKey(spec.key)).length === 0) {
    await tell(context.store, trial, `Before the whole of trial ${trial.number} (up to ${minutes} minutes): a canary of a few steps.`);
  }
  const outcome = await context.runJob(spec, signal);
  if (outcome.status === "ok" && outcome.attempts.length > 0) {
    await tell(context.store, trial, `The canary of trial ${trial.number} (${describeAction(trial.action)}) is well.`);
  }
  return outcome.status === "failed" ? { ...outcome, detail: `in a canary of a few steps: ${outcome.detail}` } : outcome;
}

async function tell(store: Store, trial: Trial, text: string): Promise<void> {
  await store.events.append({ runId: trial.runId, kind: "canary", actor: "triage", trial: trial.number, text, fields: {} });
}

/** The trial's job with half the batch where its canary needed that: it would run out of memory just the same. */
export async function learnFromCanary(store: Store, trial: Trial, spec: JobSpec): Promise<JobSpec> {
  const jobs = await store.jobs.ofTrial(trial.runId, trial.number);
  if (!jobs.some(({ purpose, failure }) => purpose === "canary" && failure === "out_of_memory")) return spec;
  return { ...spec, steps: spec.steps.map((step) => (step.name === "train" ? (halveBatch(step) ?? step) : step)) };
}
