import type { Job } from "#src/store/store.ts";
import { cancelJob } from "#tools/cancel-job.ts";
import { cancelApprovals } from "#src/approval/cancel-approvals.ts";
import type { DiscoveryContext } from "../discovery/context.ts";

/**
 * Does what people told the run since the last look. Their wishes stand in the run's row already (paused, stopping);
 * left for the conductor is what only it can do: cancel jobs.
 */
export async function obeyCommands(context: DiscoveryContext, runId: string): Promise<void> {
  const { store } = context;
  for (const { kind, author, fields } of await store.commands.take(runId)) {
    if (kind === "stop-now" && (await store.runs.find(runId))?.state === "stopping") {
      await cancelJobs(context, (job) => job.runId === runId);
    }
    if (kind === "cancel-trial") {
      const trial = Number(fields["trial"]);
      await cancelApprovals(store, { runId, trial, by: author, reason: `trial ${trial} was cancelled` });
      await cancelJobs(context, (job) => job.runId === runId && job.trial === trial);
    }
  }
}

async function cancelJobs({ store, jobs }: DiscoveryContext, isMeant: (job: Job) => boolean): Promise<void> {
  const meant = (await store.jobs.live()).filter(isMeant);
  await Promise.all(meant.map((job) => cancelJob(jobs, job)));
}
