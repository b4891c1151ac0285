import type { Job } from "#src/store/store.ts";
import type { Replies } from "../contract/replies.ts";
import type { JobContext } from "../job-context.ts";
import type { JobSpec, JobSpecStep } from "../job-spec.ts";
import { weightsState } from "../artefacts/model-weights.ts";
import { type AttemptOutcome, readOutcome } from "./read-outcome.ts";
import { readPublishedReply, readStepKey } from "./read-reply.ts";

/** What is there already of what a job shall make. */
export interface Known {
  replies: Replies;
  /** Steps that still have to be done, in order. */
  missing: JobSpecStep[];
  /** Every attempt at the key so far, oldest first, of any run. */
  jobs: Job[];
}

/**
 * Looks up published models and the replies of finished attempts: a known key is answered from what is there. A model
 * whose files were removed is known by its card; it has to be made again for a remake, and to be evaluated.
 * @param settled How attempts ended that were waited for just now, by id: they are not read again.
 */
export async function findKnown(
  context: JobContext,
  spec: JobSpec,
  settled: ReadonlyMap<string, AttemptOutcome> = new Map(),
): Promise<Known> {
  const jobs = await context.store.jobs.ofKey(spec.key);
  const replies: Replies = {};
  for (const step of spec.steps) {
    if (step.name === "train" && step.publish) await addPublished(context, step, replies);
    else await addReplied(jobs, step, replies, settled);
  }
  const isNeeded = spec.purpose === "remake" || spec.steps.some((step) => replies[step.name] === undefined);
  if (isNeeded && replies.train !== undefined && (await isRemoved(context, spec))) delete replies.train;
  return { replies, missing: spec.steps.filter((step) => replies[step.name] === undefined), jobs };
}

async function isRemoved(context: JobContext, spec: JobSpec): Promise<boolean> {
  const step = spec.steps.find(({ name, publish }) => name === "train" && publish);
  return step !== undefined && (await weightsState(context.home, step.key)) === "removed";
}

async function addPublished(context: JobContext, step: JobSpecStep, replies: Replies) {
  const reply = await readPublishedReply(context.home, step.key);
  if (reply?.status === "ok") replies.train = reply;
}

async function addReplied(jobs: readonly Job[], step: JobSpecStep, replies: Replies, settled: ReadonlyMap<string, AttemptOutcome>) {
  for (const job of jobs) {
    if (job.state === "created" || job.state === "submitted") continue;
    if ((await readStepKey(job.directory, step.name)) !== step.key) continue;
    const { replies: found } = settled.get(job.attempt) ?? (await readOutcome(job.directory, "lost", ""));
    if (step.name === "train" && found.train !== undefined) replies.train = found.train;
    if (step.name === "evaluate" && found.evaluate !== undefined) replies.evaluate = found.evaluate;
  }
}
