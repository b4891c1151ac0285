import type { Job } from "#src/store/store.ts";
import type { JobContext } from "./job-context.ts";
import { settleAttempt } from "./jobs/settle-attempt.ts";

/**
 * Ends a live job and every process of it, and settles its row. A job that finished before the cancellation reached it
 * counts as finished. Whoever waits for it in `runJob` gets `failed` with reason `cancelled`.
 */
export async function cancelJob(context: JobContext, job: Job): Promise<void> {
  const attempt = { id: job.attempt, directory: job.directory };
  await context.executor.cancel(attempt);
  const status = (await context.executor.status([attempt])).get(job.attempt) ?? { state: "cancelled", detail: "" };
  await settleAttempt(context, job, status.state === "unknown" ? { state: "cancelled", detail: "ended before it was started" } : status);
}
