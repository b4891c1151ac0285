import type { z } from "zod";
import { timeLimitSeconds } from "#src/budget/time-limit.ts";
import { slurmSeconds } from "#src/config/slurm-time.ts";
import type { Estimate, Job, Run, Store } from "#src/store/store.ts";
import type { limitsSchema } from "../contract/common.ts";

export type Limits = z.infer<typeof limitsSchema>;

const bytesPerMib = 2 ** 20;
const bytesPerGb = 1e9;

/** Limits of a job: time from what was approved (or estimated), memory and what is left of the disk from the run's config. */
export async function jobLimits(
  store: Store,
  run: Run,
  job: Pick<Job, "estimate" | "approvalId">,
  homeBytes: number | null,
): Promise<Limits> {
  const memory = run.config.executor.kind === "local" ? run.config.executor.memory_mib : undefined;
  return {
    wall_seconds: secondsOnEngine(run, timeLimitSeconds(await approvedEstimate(store, job))),
    memory_mib: memory ?? null,
    disk_mib:
      homeBytes === null ? null : Math.max(1, Math.floor(((run.config.budget.disk_gb ?? 0) * bytesPerGb - homeBytes) / bytesPerMib)),
  };
}

/**
 * What a job on a cluster may take to load its libraries, on top of its work: no worker keeps them warm there. 14 s from
 * a local disk, a minute on a machine with eight times the load that it can bear, more from a shared file system.
 */
const coldStartSeconds = 180;
/** Slurm kills what takes longer than it allows; the runner ends a little earlier, and can say so. */
const marginSeconds = 60;

/** A time limit as the run's engine changes it. */
function secondsOnEngine({ config: { executor } }: Run, limit: number): number {
  if (executor.kind !== "slurm" && executor.kind !== "ray") return limit;
  const seconds = limit + coldStartSeconds;
  if (executor.kind === "ray" || executor.time === undefined) return seconds;
  const allowed = slurmSeconds(executor.time);
  return Math.min(seconds, Math.max(allowed - marginSeconds, allowed / 2));
}

/** What people approved for this very trial; a batch was approved as a whole, so its jobs keep their own estimates. */
async function approvedEstimate(store: Store, { estimate, approvalId }: Pick<Job, "estimate" | "approvalId">): Promise<Estimate> {
  const approval = approvalId === null ? null : await store.approvals.find(approvalId);
  return approval === null || approval.trial === null ? estimate : approval.estimate;
}
