import { join } from "node:path";
import { extendEstimate } from "#src/triage/extend-estimate.ts";
import type { Estimate, Job, Run } from "#src/store/store.ts";
import { jobRequestSchema } from "../contract/job.ts";
import type { JobContext } from "../job-context.ts";
import type { JobSpec } from "../job-spec.ts";
import { readProgress } from "../read-progress.ts";
import { parseContract, readIfThere } from "./attempt-files.ts";
import { findCheckpoint } from "./find-checkpoint.ts";
import type { Known } from "./find-known.ts";
import { nextAttempt, type NextAttempt, type PastAttempt } from "./next-attempt.ts";
import { readOutcome } from "./read-outcome.ts";

/** The next attempt at a job with what it may cost, or why there is none. */
export type PlannedAttempt = (Extract<NextAttempt, { kind: "try" }> & { estimate: Estimate }) | Extract<NextAttempt, { kind: "give-up" }>;

/** Shortest p90 of a canary: what it costs is loading the model, of which its few steps say nothing. */
const canarySeconds = 300;

/** Looks at every attempt so far and decides the next. `followed` are those that were waited for just now. */
export async function planAttempt(
  context: JobContext,
  run: Run,
  spec: JobSpec,
  known: Known,
  followed: readonly Job[] = [],
): Promise<PlannedAttempt> {
  const now = new Set(followed.map(({ attempt }) => attempt));
  const history = await Promise.all(known.jobs.map((job) => readPast(job, now.has(job.attempt))));
  const next = nextAttempt(spec, known.missing, history);
  if (next.kind === "give-up") return next;
  const trains = next.steps.some((step) => step.name === "train");
  const plain = context.costModel.estimate({
    actionType: trains ? spec.actionType : "evaluate",
    work: next.steps.reduce((sum, step) => sum + step.work, 0),
    usdPerDeviceHour: run.config.budget.usd_per_device_hour,
    devices: context.executor.device.perJob,
    ...(spec.purpose === "canary" ? { leastSeconds: canarySeconds } : {}),
  });
  return { ...next, estimate: await extendByHistory(plain, history, next.steps) };
}

/** As settled: the row knows what an engine said, the directory all else. */
async function readPast(job: Job, isOfNow: boolean): Promise<PastAttempt> {
  const engineSays = job.outcome === "rejected" || job.outcome === "cancelled" ? job.outcome : "lost";
  const outcome = await readOutcome(job.directory, engineSays, `attempt ${job.attempt} ended without a record`);
  return { ...outcome, job, isOfNow, checkpoint: outcome.failure === null ? 0 : await findCheckpoint(job.directory) };
}

async function limitOf({ directory }: Job): Promise<number> {
  const file = join(directory, "request.json");
  const content = await readIfThere(file);
  return content === null ? 0 : parseContract(content, jobRequestSchema, file).limits.wall_seconds;
}

/** What takes longer than was thought takes longer in other trials and runs, too. */
async function extendByHistory(estimate: Estimate, history: readonly PastAttempt[], steps: readonly { name: string }[]): Promise<Estimate> {
  const timedOut = history.findLast(({ failure }) => failure === "timeout");
  // A training that was published before the time was up needs none any more.
  if (timedOut === undefined || timedOut.exit === null || steps[0]?.name !== timedOut.step) return estimate;
  const progress = await readProgress(timedOut.job.directory);
  const isTold = progress !== null && progress.step === timedOut.step && progress.done > 0 && progress.total > progress.done;
  const seconds = Math.max(timedOut.exit.ended_at - timedOut.exit.started_at, await limitOf(timedOut.job));
  return extendEstimate(estimate, { seconds, share: isTold ? progress.done / progress.total : null });
}
