import type { Estimate, Job, Trial } from "#src/store/store.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobOutcome, JobSpec } from "#tools/job-spec.ts";
import { estimateJob } from "#tools/jobs/create-attempt.ts";
import { findKnown } from "#tools/jobs/find-known.ts";
import { isHostFailure } from "#tools/jobs/next-attempt.ts";
import type { RunView } from "../conductor/run-view.ts";
import { StoppingError } from "../conductor/stopping-error.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf } from "./question-of.ts";

function specOf(view: RunView, trial: Trial): JobSpec {
  return { ...buildTrainJob(view, trial), batch: batchOf(trial) };
}

/**
 * Runs a trial's job, attaches to it, or answers from what is known. Aborting the signal leaves the job running.
 * @throws StoppingError on a full disk and the like: every other trial would fail of it too, and none be to blame.
 */
export async function runTrialJob(context: DiscoveryContext, view: RunView, trial: Trial, signal?: AbortSignal): Promise<JobOutcome> {
  const answer = await context.runJob(specOf(view, trial), signal);
  const outcome = answer.status === "failed" ? { ...answer, detail: withIds(view, trial, answer.detail) } : answer;
  if (outcome.status === "failed" && isHostFailure(outcome.reason)) {
    const why = `${outcome.reason.replaceAll("_", " ")}. ${outcome.detail.replace(/\.$/, "")}`;
    throw new StoppingError(`Trial ${trial.number} could not be made: ${why}. Nothing is lost; the next start takes it up again.`);
  }
  if (outcome.status === "ok") context.outcomes.set(nameOf(trial), outcome);
  return outcome;
}

/** Scripts know models by their keys; people by their ids. */
function withIds(view: RunView, { action }: Trial, detail: string): string {
  return action.models.reduce((text, id) => text.replaceAll(view.model(id).key, id), detail);
}

/** What the trial's job answered: as `train` has just read it, or read once more after a restart. */
export async function takeTrialOutcome(context: DiscoveryContext, view: RunView, trial: Trial, signal?: AbortSignal): Promise<JobOutcome> {
  const outcome = context.outcomes.get(nameOf(trial)) ?? (await runTrialJob(context, view, trial, signal));
  context.outcomes.delete(nameOf(trial));
  return outcome;
}

function nameOf({ runId, number }: Trial): string {
  return `${runId} ${number}`;
}

/** What the trial's job would cost; null when there is nothing to pay for. */
export function estimateTrialJob(context: DiscoveryContext, view: RunView, trial: Trial): Promise<Estimate | null> {
  return estimateSpec(context.jobs, view, specOf(view, trial));
}

/** What a job would cost; null when everything is known, or the job runs already. */
export async function estimateSpec(jobs: JobContext, view: RunView, spec: JobSpec): Promise<Estimate | null> {
  const { missing, jobs: attempts } = await findKnown(jobs, spec);
  if (missing.length === 0 || attempts.some(isLive)) return null;
  const trains = missing.some((step) => step.name === "train");
  return estimateJob(jobs, view.run, trains ? spec.actionType : "evaluate", missing);
}

function isLive(job: Job): boolean {
  return job.state === "created" || job.state === "submitted";
}

/** What the trial took, over all attempts of its own. */
export async function trialCost(context: DiscoveryContext, trial: Trial): Promise<{ deviceSeconds: number; hasJob: boolean }> {
  const attempts = await context.store.jobs.ofTrial(trial.runId, trial.number);
  return { deviceSeconds: attempts.reduce((sum, job) => sum + (job.deviceSeconds ?? 0), 0), hasJob: attempts.length > 0 };
}
