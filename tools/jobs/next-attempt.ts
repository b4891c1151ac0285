import type { MoreTime } from "#src/budget/admission.ts";
import type { Job } from "#src/store/store.ts";
import { decideNext } from "#src/triage/decide-next.ts";
import type { FailureReason } from "../contract/common.ts";
import type { JobSpec, JobSpecStep } from "../job-spec.ts";
import { halveBatch } from "./halve-batch.ts";
import type { AttemptOutcome } from "./read-outcome.ts";

/** Failures that come again however often one tries, on any machine: answered from the first attempt. */
const lasting: readonly string[] = ["diverged", "bad_data", "bad_model", "incompatible_models"];
/** What a person has to change on the machine: once that is done, it is worth another try. */
const hostFailures: readonly string[] = ["disk_full", "no_permission"];

/** Whether a job failed for want of something on this machine, and not by what it was asked to do. */
export function isHostFailure(reason: string): boolean {
  return hostFailures.includes(reason);
}

export type NextAttempt =
  | {
      kind: "try";
      steps: JobSpecStep[];
      resumeFrom: string | null;
      /** Why it is tried again; null for a first try. */
      why: string | null;
      /** Set after a time limit was reached: nothing more runs without a new yes. */
      moreTime: MoreTime | null;
    }
  | { kind: "give-up"; reason: FailureReason; detail: string };

/** A finished attempt. */
export type PastAttempt = AttemptOutcome & {
  job: Job;
  /** It was waited for by whoever asks now; others are from before a restart. */
  isOfNow: boolean;
  /** Optimiser steps behind the newest checkpoint that it left; 0 for none. */
  checkpoint: number;
};

/**
 * Turns what triage decides into the next attempt. `history` are the finished attempts at the key, oldest first; those
 * of other runs count only where their failure would come again.
 */
export function nextAttempt(
  spec: Pick<JobSpec, "run" | "trial" | "purpose">,
  missing: JobSpecStep[],
  history: readonly PastAttempt[],
): NextAttempt {
  const last = history.at(-1);
  if (last?.failure != null && last.outcome === "finished" && lasting.includes(last.failure)) return giveUp(last);
  const own = history.filter((past) => past.job.runId === spec.run && past.job.trial === spec.trial && stillCounts(past));
  const ownLast = own.at(-1);
  const next = decideNext(own.map((past, index) => ({ ...past, gotFurther: past.checkpoint > newestOf(own.slice(0, index)).steps })));
  const shortage = own.find(({ failure }) => failure === "out_of_memory");
  const halved = shortage === undefined ? missing : halveAt(missing, shortage.step);
  const newest = newestOf(own);
  const retry = {
    kind: "try",
    steps: halved ?? missing,
    resumeFrom: newest.directory,
    moreTime: mayAsk(spec) ? moreTimeOf(own) : null,
  } as const;
  if (ownLast?.failure == null || next.kind === "start") return { ...retry, resumeFrom: null, why: null };
  if (next.kind === "give-up" || (next.kind === "halve-batch" && halved === null)) return giveUp(ownLast);
  if (next.kind === "ask" && !mayAsk(spec)) return giveUp(ownLast);
  return { ...retry, resumeFrom: next.kind === "halve-batch" ? null : newest.directory, why: next.why };
}

/**
 * Retries of a trial are counted over restarts. Its run stops at what people have to mend, and at an evaluation that
 * belongs to no trial: who starts it again has mended it.
 */
function stillCounts({ isOfNow, job, failure }: PastAttempt): boolean {
  return isOfNow || (job.trial !== null && (failure === null || !isHostFailure(failure)));
}

/** Whether something can wait for the answer: a trial. What belongs to none gets more time from whoever starts it again. */
function mayAsk({ trial, purpose }: Pick<JobSpec, "trial" | "purpose">): boolean {
  return trial !== null && purpose !== "canary" && purpose !== "remake";
}

/** The attempt that went furthest, of those that left a checkpoint. */
function newestOf(history: readonly PastAttempt[]): { steps: number; directory: string | null } {
  let newest = { steps: 0, directory: history.findLast(({ failure }) => failure !== null)?.job.directory ?? null };
  for (const { checkpoint, job } of history) if (checkpoint > newest.steps) newest = { steps: checkpoint, directory: job.directory };
  return newest;
}

/** What a person must have seen before a job goes on whose time was up. */
function moreTimeOf(own: readonly PastAttempt[]): MoreTime | null {
  const timedOut = own.filter(({ failure }) => failure === "timeout");
  const last = timedOut.at(-1);
  if (last === undefined) return null;
  return {
    why: `it needs more time: ${last.detail.replace(/\.$/, "")}`,
    notBy: timedOut.flatMap(({ job }) => job.approvalId ?? []),
  };
}

/** The steps with a smaller batch in the one that ran out of memory; null when its batch cannot be halved. */
function halveAt(steps: JobSpecStep[], name: string | null): JobSpecStep[] | null {
  const at = steps.find((step) => step.name === name);
  const smaller = at === undefined ? null : halveBatch(at);
  if (smaller === null) return null;
  return steps.map((step) => (step === at ? smaller : step));
}

function giveUp({ failure, detail }: AttemptOutcome): NextAttempt {
  return { kind: "give-up", reason: failure ?? "crashed", detail };
}
