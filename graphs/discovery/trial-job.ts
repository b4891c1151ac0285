import { addEstimates } from "#src/budget/add-estimates.ts";
import type { Job, Trial } from "#src/store/store.ts";
import { buildTrainJob } from "#tools/build-train-job.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobOutcome, JobSpec } from "#tools/job-spec.ts";
import { findKnown } from "#tools/jobs/find-known.ts";
import { isHostFailure } from "#tools/jobs/next-attempt.ts";
import { planAttempt, type PlannedAttempt } from "#tools/jobs/plan-attempt.ts";
import { ensureModels, estimateRemakes } from "../conductor/ensure-models.ts";
import type { RunView } from "../conductor/run-view.ts";
import { StoppingError } from "../conductor/stopping-error.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf } from "./question-of.ts";
import { learnFromCanary, runCanary } from "./run-canary.ts";

function specOf(view: RunView, trial: Trial): JobSpec {
  return { ...buildTrainJob(view, trial), batch: batchOf(trial) };
}

/**
 * Runs a trial's job, attaches to it, or answers from what is known. Aborting the signal leaves the job running.
 * @throws StoppingError on a full disk and the like: every other trial would fail of it too, and none be to blame.
 */
export async function runTrialJob(context: DiscoveryContext, view: RunView, trial: Trial, signal?: AbortSignal): Promise<JobOutcome> {
  const answer = await makeTrial(context, view, trial, signal);
  const outcome = answer.status === "failed" ? { ...answer, detail: withIds(view, trial, answer.detail) } : answer;
  if (outcome.status === "failed" && isHostFailure(outcome.reason)) {
    const why = `${outcome.reason.replaceAll("_", " ")}. ${outcome.detail.replace(/\.$/, "")}`;
    throw new StoppingError(`Trial ${trial.number} could not be made: ${why}. Nothing is lost; the next start takes it up again.`);
  }
  if (outcome.status === "ok") context.outcomes.set(nameOf(trial), outcome);
  return outcome;
}

/** A long training is tried in small first. */
async function makeTrial(context: DiscoveryContext, view: RunView, trial: Trial, signal: AbortSignal | undefined): Promise<JobOutcome> {
  const spec = specOf(view, trial);
  const known = await findKnown(context.jobs, spec);
  if (known.missing.length > 0 && !known.jobs.some(isLive)) {
    const lacking = await ensureModels(context, view, trial.action.models, { trial: trial.number, batch: batchOf(trial), signal });
    if (lacking !== null) return lacking;
  }
  if (known.jobs.length > 0 || known.replies.train !== undefined) {
    return context.runJob(await learnFromCanary(context.store, trial, spec), signal);
  }
  const planned = await planAttempt(context.jobs, view.run, spec, known);
  const p90Seconds = planned.kind === "try" ? planned.estimate.wallSecondsP90 : 0;
  const canary = await runCanary(context, view, trial, { p90Seconds, signal });
  if (canary === null) return context.runJob(spec, signal);
  return canary.status === "ok" ? context.runJob(await learnFromCanary(context.store, trial, spec), signal) : canary;
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

/** What a job will cost, and whether people have to give it more time. */
export type PlannedCost = Pick<Extract<PlannedAttempt, { kind: "try" }>, "estimate" | "moreTime">;

/** What the trial's job would cost; null when there is nothing to pay for. */
export async function planTrialJob(context: DiscoveryContext, view: RunView, trial: Trial): Promise<PlannedCost | null> {
  const planned = await planSpec(context.jobs, view, specOf(view, trial));
  if (planned === null) return null;
  const remakes = await estimateRemakes(context, view, trial.action.models);
  return remakes === null ? planned : { ...planned, estimate: addEstimates([planned.estimate, remakes]) ?? planned.estimate };
}

/** What a job would cost; null when everything is known, or the job runs already, or nothing more will be tried. */
export async function planSpec(jobs: JobContext, view: RunView, spec: JobSpec): Promise<PlannedCost | null> {
  const known = await findKnown(jobs, spec);
  if (known.missing.length === 0 || known.jobs.some(isLive)) return null;
  const planned = await planAttempt(jobs, view.run, spec, known);
  return planned.kind === "give-up" ? null : planned;
}

function isLive(job: Job): boolean {
  return job.state === "created" || job.state === "submitted";
}

/** What the trial took, over all attempts of its own. */
export async function trialCost(context: DiscoveryContext, trial: Trial): Promise<{ deviceSeconds: number; hasJob: boolean }> {
  const attempts = await context.store.jobs.ofTrial(trial.runId, trial.number);
  return { deviceSeconds: attempts.reduce((sum, job) => sum + (job.deviceSeconds ?? 0), 0), hasJob: attempts.length > 0 };
}
