import type { Job } from "#src/store/store.ts";
import type { FailureReason } from "../contract/common.ts";
import type { JobSpec, JobSpecStep } from "../job-spec.ts";
import { halveBatch } from "./halve-batch.ts";
import type { AttemptOutcome } from "./read-outcome.ts";

/** Crashes and lost attempts are tried again this often. */
const mostRetries = 2;

/** Failures that come again however often one tries, on any machine: answered from the first attempt. */
const lasting: readonly string[] = ["diverged", "bad_data", "bad_model", "incompatible_models"];
/** Ends that say nothing of the experiment. */
const accidents: readonly string[] = ["crashed", "lost", "bad_reply"];
/** What a person has to change on the machine: once that is done, it is worth another try. */
const hostFailures: readonly string[] = ["disk_full", "no_permission"];

/** Whether a job failed for want of something on this machine, and not by what it was asked to do. */
export function isHostFailure(reason: string): boolean {
  return hostFailures.includes(reason);
}

export type NextAttempt =
  | { kind: "try"; steps: JobSpecStep[]; resumeFrom: string | null; why: string | null }
  | { kind: "give-up"; reason: FailureReason; detail: string };

/** A finished attempt. `isOfNow` = it was waited for by whoever asks now; earlier ones are from before a restart. */
export type PastAttempt = AttemptOutcome & { job: Job; isOfNow: boolean };

/**
 * Decides what comes after the attempts so far: a first try, a retry, or giving up. `history` are the finished attempts
 * at the key, oldest first; those of other runs count only where their failure would come again.
 */
export function nextAttempt(spec: Pick<JobSpec, "run" | "trial">, missing: JobSpecStep[], history: readonly PastAttempt[]): NextAttempt {
  const last = history.at(-1);
  if (last?.failure != null && last.outcome === "finished" && lasting.includes(last.failure)) return giveUp(last);
  const own = history.filter((past) => past.job.runId === spec.run && past.job.trial === spec.trial && stillCounts(past));
  const ownLast = own.at(-1);
  const shortages = own.filter(({ failure }) => failure === "out_of_memory");
  const halved = shortages.length === 0 ? missing : halveAt(missing, shortages[0]?.step ?? null);
  if (ownLast?.failure == null) return { kind: "try", steps: missing, resumeFrom: null, why: null };
  if (ownLast.failure === "out_of_memory") {
    if (shortages.length > 1 || halved === null) return giveUp(ownLast);
    return {
      kind: "try",
      steps: halved,
      resumeFrom: null,
      why: `out of memory (${inWords(ownLast.detail)}): once more with half the batch`,
    };
  }
  const accidentsSoFar = own.filter(({ failure }) => failure !== null && accidents.includes(failure)).length;
  if (!accidents.includes(ownLast.failure) || accidentsSoFar > mostRetries) return giveUp(ownLast);
  const why = `${ownLast.failure.replaceAll("_", " ")} (${inWords(ownLast.detail)}): try ${accidentsSoFar + 1} of ${mostRetries + 1}`;
  return { kind: "try", steps: halved ?? missing, resumeFrom: ownLast.job.directory, why };
}

/**
 * Retries of a trial are counted over restarts. Its run stops at what people have to mend, and at an evaluation that
 * belongs to no trial: who starts it again has mended it.
 */
function stillCounts({ isOfNow, job, failure }: PastAttempt): boolean {
  return isOfNow || (job.trial !== null && (failure === null || !isHostFailure(failure)));
}

/** A detail inside of a sentence. */
function inWords(detail: string): string {
  return detail.replace(/\.$/, "");
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
