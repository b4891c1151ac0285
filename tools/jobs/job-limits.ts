import type { z } from "zod";
import { timeLimitSeconds } from "#src/budget/time-limit.ts";
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
    wall_seconds: timeLimitSeconds(await approvedEstimate(store, job)),
    memory_mib: memory ?? null,
    disk_mib:
      homeBytes === null ? null : Math.max(1, Math.floor(((run.config.budget.disk_gb ?? 0) * bytesPerGb - homeBytes) / bytesPerMib)),
  };
}

/** What people approved for this very trial; a batch was approved as a whole, so its jobs keep their own estimates. */
async function approvedEstimate(store: Store, { estimate, approvalId }: Pick<Job, "estimate" | "approvalId">): Promise<Estimate> {
  const approval = approvalId === null ? null : await store.approvals.find(approvalId);
  return approval === null || approval.trial === null ? estimate : approval.estimate;
}
