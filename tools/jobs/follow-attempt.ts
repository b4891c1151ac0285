import { existsSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "#src/store/store.ts";
import { contractSchemas } from "../contract/schemas.ts";
import type { Attempt, AttemptState, AttemptStatus } from "../executors/executor.ts";
import type { JobContext } from "../job-context.ts";
import { parseContract, readIfThere } from "./attempt-files.ts";
import type { AttemptOutcome } from "./read-outcome.ts";
import { settleAttempt } from "./settle-attempt.ts";

/** Looking costs three file reads (0.2 ms). A job is seen to end within 3 % of its duration, at least 10 ms and at most 2 s late. */
const shortestPollMs = 10;
const longestPollMs = 2000;
const pollShare = 0.03;

const over: readonly AttemptState[] = ["succeeded", "failed", "cancelled", "lost", "rejected"];

/**
 * Waits for a live attempt, whoever created it, and settles it. It is submitted unless it runs already: submitting the
 * same attempt twice is harmless, and after a crash nobody may have done it, or the engine did not start what it took.
 * @param attempt What was just written for it; null to read it when it is needed.
 * @returns How it ended; null when somebody else had settled it.
 * @throws the signal's reason when it aborts; the attempt goes on then.
 */
export async function followAttempt(
  context: JobContext,
  job: Job,
  attempt: Attempt | null,
  signal: AbortSignal | undefined,
): Promise<AttemptOutcome | null> {
  const started = performance.now();
  let isSubmitted = false;
  let wasUnknown = false;
  for (;;) {
    let status = await look(context, job);
    const isUnknown = status.state === "unknown";
    // What was submitted may be unknown for a moment, such as while its record is being written: twice in a row is no moment.
    if (isSubmitted ? isUnknown && wasUnknown : isUnknown || status.state === "queued") {
      // Somebody settled or cancelled it since it was read: it must not be started any more.
      if (await isSettled(context, job)) return null;
      await context.executor.submit(attempt ?? (await readAttempt(job)));
      if (job.state === "created" && !isSubmitted) await context.store.jobs.update(job.attempt, { state: "submitted" });
      isSubmitted = true;
      status = await look(context, job);
    }
    wasUnknown = status.state === "unknown";
    if (over.includes(status.state)) return settleAttempt(context, job, status);
    signal?.throwIfAborted();
    const delay = Math.min(longestPollMs, Math.max(shortestPollMs, (performance.now() - started) * pollShare));
    await sleep(delay, undefined, signal === undefined ? {} : { signal }).catch(() => signal?.throwIfAborted());
  }
}

async function isSettled(context: JobContext, { attempt }: Job): Promise<boolean> {
  const row = await context.store.jobs.find(attempt);
  return row?.state === "cancelled" || row?.state === "finished";
}

/** True when the attempt's requests are all written. */
export function isWritten(job: Pick<Job, "directory">): boolean {
  return existsSync(join(job.directory, "request.json"));
}

async function look(context: JobContext, job: Job): Promise<AttemptStatus> {
  const statuses = await context.executor.status([{ id: job.attempt, directory: job.directory }]);
  return statuses.get(job.attempt) ?? { state: "unknown", detail: "" };
}

async function readAttempt(job: Job): Promise<Attempt> {
  const file = join(job.directory, "request.json");
  const content = (await readIfThere(file)) ?? Buffer.from("");
  return { id: job.attempt, directory: job.directory, request: parseContract(content, contractSchemas["job.request"], file) };
}
