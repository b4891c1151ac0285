import { TemperError } from "#src/errors.ts";
import type { Job, Run } from "#src/store/store.ts";
import type { Attempt } from "./executors/executor.ts";
import type { JobContext } from "./job-context.ts";
import type { JobOutcome, JobSpec, JobSpecStep } from "./job-spec.ts";
import { createAttempt } from "./jobs/create-attempt.ts";
import { findKnown, type Known } from "./jobs/find-known.ts";
import { followAttempt, isWritten } from "./jobs/follow-attempt.ts";
import { jobLimits } from "./jobs/job-limits.ts";
import { planAttempt, type PlannedAttempt } from "./jobs/plan-attempt.ts";
import type { AttemptOutcome } from "./jobs/read-outcome.ts";
import { writeAttempt } from "./jobs/write-attempt.ts";

/**
 * Makes what a spec asks for and answers with the replies. Each turn looks at what is there (published models, finished
 * attempts, a live attempt of whatever run) and does the next thing, so a call after a crash goes on where the last one
 * was, and a known key costs nothing. What failed goes through triage (`src/triage/decide-next.ts`): tried again, with half
 * the batch, or after people gave it more time.
 * @param signal Stops the waiting, not the job: a later call adopts it. To end a job, see `cancelJob`.
 * @throws the signal's reason; EnvironmentError and others when the machine fails us, never for an experiment's outcome.
 */
export async function runJob(context: JobContext, spec: JobSpec, signal?: AbortSignal): Promise<JobOutcome> {
  const run = await context.store.runs.find(spec.run);
  if (run === null) throw new TemperError("not_found", `There is no run ${spec.run}, so it can have no job.`, { run: spec.run });
  const followed: Job[] = [];
  const settled = new Map<string, AttemptOutcome>();
  for (;;) {
    signal?.throwIfAborted();
    const known = await findKnown(context, spec, settled);
    if (known.missing.length === 0) return { status: "ok", replies: known.replies, ...costOf(known, followed) };
    const live = known.jobs.find((job) => job.state === "created" || job.state === "submitted");
    const next = live === undefined ? await planAttempt(context, run, spec, known, followed) : null;
    if (next?.kind === "give-up") {
      const { reason, detail } = next;
      return { status: "failed", reason, detail, replies: known.replies, ...costOf(known, followed) };
    }
    const started = live === undefined && next !== null ? await start(context, run, spec, next, known) : null;
    if (started !== null && "status" in started) return started;
    const job = live ?? started?.job;
    if (job === undefined) continue; // Somebody else was faster: look again, and attach.
    if (live !== undefined && !isWritten(live)) await write(context, run, live, known.missing, null);
    const outcome = await followAttempt(context, job, started?.attempt ?? null, signal);
    if (outcome !== null) settled.set(job.attempt, outcome);
    followed.push(job);
    refuseEndless(spec, followed, known);
  }
}

type Try = Extract<PlannedAttempt, { kind: "try" }>;

/** An attempt that was created and written here. */
interface Started {
  job: Job;
  attempt: Attempt;
}

async function start(context: JobContext, run: Run, spec: JobSpec, next: Try, known: Known): Promise<Started | JobOutcome | null> {
  const created = await createAttempt(context, run, spec, next, known.jobs.length + 1);
  if (created.kind === "taken") return null;
  if (created.kind !== "created") return { status: created.kind, why: created.why, estimate: created.estimate };
  const { job, homeBytes } = created;
  if (next.why !== null) await tellRetry(context, job, next.why);
  return { job, attempt: await write(context, run, job, next.steps, next.resumeFrom, homeBytes) };
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
): Promise<Attempt> {
  const limits = await jobLimits(context.store, run, job, homeBytes);
  return writeAttempt({ home: context.home, job, steps, device: context.executor.device, limits, resumeFrom });
}

/** Of the attempts that were waited for here; `known` was read after the last of them. */
function costOf({ jobs }: Known, followed: readonly Job[]) {
  const attempts = followed.map(({ attempt }) => attempt);
  const rows = jobs.filter(({ attempt }) => attempts.includes(attempt));
  return { attempts, deviceSeconds: rows.reduce((sum, row) => sum + (row.deviceSeconds ?? 0), 0) };
}

/** More attempts than any rule allows mean that replies are never recognised: a bug, which must not burn a budget. */
function refuseEndless(spec: JobSpec, followed: readonly Job[], known: Known) {
  if (followed.length <= 8) return;
  const names = known.missing.map((step) => step.name).join(" and ");
  throw new TemperError("contract", `Job ${spec.key} ran ${followed.length} times and its ${names} step never counted as done.`, {
    attempts: followed.map(({ attempt }) => attempt),
  });
}
