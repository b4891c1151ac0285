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

export type NextAttempt =
  | { kind: "try"; steps: JobSpecStep[]; resumeFrom: string | null; why: string | null }
  | { kind: "give-up"; reason: FailureReason; detail: string };

/**
 * Decides what comes after the attempts so far: a first try, a retry, or giving up. `history` are the finished attempts
 * at the key, oldest first; those of other runs count only where their failure would come again.
 */
export function nextAttempt(
  spec: Pick<JobSpec, "run" | "trial">,
  missing: JobSpecStep[],
  history: readonly (AttemptOutcome & { job: Job })[],
): NextAttempt {
  const last = history.at(-1);
  if (last?.failure != null && last.outcome === "finished" && lasting.includes(last.failure)) return giveUp(last);
  const own = history.filter(({ job }) => job.runId === spec.run && job.trial === spec.trial);
  const ownLast = own.at(-1);
  const shortages = own.filter(({ failure }) => failure === "out_of_memory");
  const halved = shortages.length === 0 ? missing : halveAt(missing, shortages[0]?.step ?? null);
  if (ownLast?.failure == null) return { kind: "try", steps: missing, resumeFrom: null, why: null };
  if (ownLast.failure === "out_of_memory") {
    if (shortages.length > 1 || halved === null) return giveUp(ownLast);
    return { kind: "try", steps: halved, resumeFrom: null, why: "out of memory: once more with half the batch" };
  }
  const accidentsSoFar = own.filter(({ failure }) => failure !== null && accidents.includes(failure)).length;
  if (!accidents.includes(ownLast.failure) || accidentsSoFar > mostRetries) return giveUp(ownLast);
  const why = `${ownLast.failure.replaceAll("_", " ")} (${ownLast.detail}): try ${accidentsSoFar + 1} of ${mostRetries + 1}`;
  return { kind: "try", steps: halved ?? missing, resumeFrom: ownLast.job.directory, why };
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
