import { TemperError } from "#src/errors.ts";
import type { Job, Run } from "#src/store/store.ts";
import type { JobContext } from "./job-context.ts";
import type { JobOutcome, JobSpec, JobSpecStep } from "./job-spec.ts";
import { createAttempt } from "./jobs/create-attempt.ts";
import { findKnown, type Known } from "./jobs/find-known.ts";
import { followAttempt, isWritten } from "./jobs/follow-attempt.ts";
import { jobLimits } from "./jobs/job-limits.ts";
import { nextAttempt } from "./jobs/next-attempt.ts";
import { readOutcome } from "./jobs/read-outcome.ts";
import { writeAttempt } from "./jobs/write-attempt.ts";

/**
 * Makes what a spec asks for and answers with the replies. Each turn looks at what is there (published models, finished
 * attempts, a live attempt of whatever run) and does the next thing, so a call after a crash goes on where the last one
 * was, and a known key costs nothing. Crashes are tried again, at most twice; out of memory once, with half the batch.
 * @param signal Stops the waiting, not the job: a later call adopts it. To end a job, see `cancelJob`.
 * @throws the signal's reason; EnvironmentError and others when the machine fails us, never for an experiment's outcome.
 */
export async function runJob(context: JobContext, spec: JobSpec, signal?: AbortSignal): Promise<JobOutcome> {
  const run = await context.store.runs.find(spec.run);
  if (run === null) throw new TemperError("not_found", `There is no run ${spec.run}, so it can have no job.`, { run: spec.run });
  const followed: Job[] = [];
  for (;;) {
    signal?.throwIfAborted();
    const known = await findKnown(context, spec);
    if (known.missing.length === 0) return { status: "ok", replies: known.replies, ...(await costOf(context, followed)) };
    const live = known.jobs.find((job) => job.state === "created" || job.state === "submitted");
    const next = live === undefined ? await decide(spec, known, followed) : null;
    if (next?.kind === "give-up") {
      const { reason, detail } = next;
      return { status: "failed", reason, detail, replies: known.replies, ...(await costOf(context, followed)) };
    }
    const started = live === undefined && next !== null ? await start(context, run, spec, next, known) : null;
    if (started !== null && "status" in started) return started;
    const job = live ?? started;
    if (job === null) continue; // Somebody else was faster: look again, and attach.
    if (live !== undefined && !isWritten(live)) await write(context, run, live, known.missing, null);
    await followAttempt(context, job, signal);
    followed.push(job);
    refuseEndless(spec, followed, known);
  }
}

type Try = Extract<ReturnType<typeof nextAttempt>, { kind: "try" }>;

async function decide(spec: JobSpec, known: Known, followed: readonly Job[]) {
  const now = new Set(followed.map(({ attempt }) => attempt));
  const history = await Promise.all(known.jobs.map(async (job) => ({ ...(await outcomeOf(job)), job, isOfNow: now.has(job.attempt) })));
  return nextAttempt(spec, known.missing, history);
}

/** As settled: the row knows what an engine said, the directory all else. */
async function outcomeOf(job: Job) {
  const engineSays = job.outcome === "rejected" || job.outcome === "cancelled" ? job.outcome : "lost";
  return await readOutcome(job.directory, engineSays, `attempt ${job.attempt} ended without a record`);
}

async function start(context: JobContext, run: Run, spec: JobSpec, next: Try, known: Known): Promise<Job | JobOutcome | null> {
  const created = await createAttempt(context, run, spec, next.steps, known.jobs.length + 1);
  if (created.kind === "taken") return null;
  if (created.kind !== "created") return { status: created.kind, why: created.why, estimate: created.estimate };
  const { job, homeBytes } = created;
  if (next.why !== null) await tellRetry(context, job, next.why);
  await write(context, run, job, next.steps, next.resumeFrom, homeBytes);
  return job;
}

/** People see that something was tried again, and why. */
async function tellRetry({ store, log }: JobContext, { attempt, runId, trial }: Job, why: string) {
  const what = trial === null ? "An evaluation" : `Trial ${trial}`;
  log.warn({ attempt, run: runId, trial }, `Attempt ${attempt}: ${why}`);
  const event = { runId, kind: "job-retry", actor: "conductor", trial, text: `${what} is tried again: ${why}.`, fields: { attempt } };
  await store.events.append(event);
}

async function write(
  context: JobContext,
  run: Run,
  job: Job,
  steps: readonly JobSpecStep[],
  resumeFrom: string | null,
  homeBytes: number | null = null,
) {
  const limits = await jobLimits(context.store, run, job, homeBytes);
  await writeAttempt({ home: context.home, job, steps, device: context.executor.device, limits, resumeFrom });
}

async function costOf(context: JobContext, followed: readonly Job[]) {
  const rows = await Promise.all(followed.map(async ({ attempt }) => await context.store.jobs.find(attempt)));
  return {
    attempts: followed.map(({ attempt }) => attempt),
    deviceSeconds: rows.reduce((sum, row) => sum + (row?.deviceSeconds ?? 0), 0),
  };
}

/** More attempts than any rule allows mean that replies are never recognised: a bug, which must not burn a budget. */
function refuseEndless(spec: JobSpec, followed: readonly Job[], known: Known) {
  if (followed.length <= 8) return;
  const names = known.missing.map((step) => step.name).join(" and ");
  throw new TemperError("contract", `Job ${spec.key} ran ${followed.length} times and its ${names} step never counted as done.`, {
    attempts: followed.map(({ attempt }) => attempt),
  });
}
