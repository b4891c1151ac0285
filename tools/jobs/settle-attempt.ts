import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "#src/store/store.ts";
import { claimSchema } from "../contract/job.ts";
import type { AttemptStatus } from "../executors/executor.ts";
import type { JobContext } from "../job-context.ts";
import { parseContract, readIfThere, stepDirectory } from "./attempt-files.ts";
import { type AttemptOutcome, readOutcome } from "./read-outcome.ts";

const engineStates = { lost: "lost", rejected: "rejected", cancelled: "cancelled" } as const;

/**
 * Writes an ended attempt's outcome and cost to its row, and lets the cost model learn from it. Several may wait for
 * one attempt: only the first to settle it writes.
 */
export async function settleAttempt(context: JobContext, job: Job, status: AttemptStatus): Promise<AttemptOutcome> {
  const state = status.state === "rejected" || status.state === "cancelled" ? engineStates[status.state] : "lost";
  const outcome = await readOutcome(job.directory, state, status.detail);
  const row = await context.store.jobs.find(job.attempt);
  if (row?.state === "finished" || row?.state === "cancelled") return outcome;
  const wallSeconds = await wallSecondsOf(context, job, outcome);
  const patch = {
    state: outcome.outcome === "cancelled" ? ("cancelled" as const) : ("finished" as const),
    outcome: outcome.outcome,
    failure: outcome.failure,
    wallSeconds,
    deviceSeconds: wallSeconds * context.executor.device.perJob,
    peakMemoryMib: outcome.exit?.peak_memory_mib ?? null,
    endedAt: context.now().toISOString(),
  };
  await context.store.jobs.update(job.attempt, patch);
  context.costModel.learn({ ...job, ...patch });
  if (outcome.failure === null) await removeScratch(context, job);
  const end = outcome.failure === null ? "is done" : `ended: ${outcome.failure.replaceAll("_", " ")}. ${outcome.detail}`;
  context.log.info({ attempt: job.attempt, run: job.runId, trial: job.trial, outcome: outcome.outcome }, `Attempt ${job.attempt} ${end}`);
  return outcome;
}

/** Checkpoints of attempts that crashed or got lost: once the job is done nobody goes on from them. */
async function removeScratch(context: JobContext, job: Job): Promise<void> {
  const earlier = (await context.store.jobs.ofKey(job.key)).filter(({ attempt, state }) => attempt !== job.attempt && state === "finished");
  for (const { directory } of earlier) {
    for (const step of ["train", "evaluate"]) {
      await rm(join(stepDirectory(directory, step), "work"), { recursive: true, force: true });
      await rm(join(stepDirectory(directory, step), "output"), { recursive: true, force: true });
    }
  }
}

/** From the exit record; for an attempt without one, from its claim until now, since that time is gone too. */
async function wallSecondsOf(context: JobContext, job: Job, { exit }: AttemptOutcome): Promise<number> {
  if (exit !== null) return Math.max(0, exit.ended_at - exit.started_at);
  const file = join(job.directory, "claim.json");
  const content = await readIfThere(file);
  if (content === null) return 0;
  return Math.max(0, context.now().getTime() / 1000 - parseContract(content, claimSchema, file).claimed_at);
}
