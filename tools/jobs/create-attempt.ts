import { existsSync } from "node:fs";
import { admit } from "#src/budget/admission.ts";
import type { Estimate, Job, Run } from "#src/store/store.ts";
import type { JobContext } from "../job-context.ts";
import type { JobSpec } from "../job-spec.ts";
import { attemptDirectory } from "./attempt-files.ts";
import { makeRoom } from "./make-room.ts";
import type { PlannedAttempt } from "./plan-attempt.ts";

/** Characters of a key in attempt ids: enough to be unique, short enough for a Slurm job name. */
const prefixLength = 16;

/** `taken` = somebody else created a live attempt at this key just now. */
export type CreatedAttempt =
  | { kind: "created"; job: Job; homeBytes: number | null }
  | { kind: "taken" }
  | { kind: "ask" | "refused"; why: string; estimate: Estimate };

/**
 * Admits a job and creates its row in one transaction: every job passes here, wherever it comes from, and no two are
 * admitted to the same rest of a cap.
 */
export async function createAttempt(
  context: JobContext,
  run: Run,
  spec: JobSpec,
  { steps, estimate, moreTime }: Pick<Extract<PlannedAttempt, { kind: "try" }>, "steps" | "estimate" | "moreTime">,
  number: number,
): Promise<CreatedAttempt> {
  const trains = steps.some((step) => step.name === "train");
  const homeBytes = run.config.budget.disk_gb === undefined ? null : await makeRoom(context, run, run.config.budget.disk_gb);
  const attempt = freeAttempt(context.home, spec.key, number);
  return await context.store.transaction(async (store) => {
    const admission = await admit(store, {
      run: run.id,
      trial: spec.trial,
      batch: spec.batch,
      key: spec.key,
      estimate,
      moreTime,
      now: context.now(),
      ...(homeBytes === null ? {} : { diskBytes: homeBytes }),
    });
    if (admission.verdict !== "admitted") {
      return { kind: admission.verdict === "ask" ? "ask" : "refused", why: admission.why, estimate } as const;
    }
    const job = await store.jobs.create({
      attempt,
      runId: run.id,
      trial: spec.trial,
      key: spec.key,
      purpose: trains ? spec.purpose : "evaluate",
      actionType: trains ? spec.actionType : "evaluate",
      state: "created",
      directory: attemptDirectory(context.home, attempt),
      outcome: null,
      failure: null,
      work: steps.reduce((sum, step) => sum + step.work, 0),
      estimate,
      approvalId: admission.approvalId,
      deviceSeconds: null,
      wallSeconds: null,
      peakMemoryMib: null,
      createdAt: context.now().toISOString(),
      endedAt: null,
    });
    return job === null ? ({ kind: "taken" } as const) : { kind: "created", job, homeBytes };
  });
}

/** The next attempt id whose directory is free: a home may hold attempts that its database no longer knows. */
function freeAttempt(home: string, key: string, number: number): string {
  const attempt = `${key.slice(0, prefixLength)}-${number}`;
  return existsSync(attemptDirectory(home, attempt)) ? freeAttempt(home, key, number + 1) : attempt;
}
