import { basename } from "node:path";
import { ContractError } from "#src/errors.ts";
import { evaluateReplySchema } from "../contract/evaluate.ts";
import type { FailureReason } from "../contract/common.ts";
import { type Replies, trainReplySchema } from "../contract/replies.ts";
import { type ExitRecord, readExit } from "./attempt-files.ts";
import { readStepReply } from "./read-reply.ts";

/** What an attempt's directory says of its end. */
export interface AttemptOutcome {
  /** The runner's outcome, or `lost`, `rejected`, `bad_reply`. */
  outcome: string;
  /** null when every step's reply is ok. */
  failure: FailureReason | null;
  detail: string;
  /** Step that failed. */
  step: string | null;
  /** Valid replies with status ok; a step may be ok although the attempt failed later. */
  replies: Replies;
  exit: ExitRecord | null;
}

/**
 * Reads how an attempt ended. `engineSays` counts only when there is no exit record: a record with valid replies wins
 * over anything that an engine tells.
 */
export async function readOutcome(
  directory: string,
  engineSays: "lost" | "rejected" | "cancelled",
  detail: string,
): Promise<AttemptOutcome> {
  let exit: ExitRecord | null;
  try {
    exit = await readExit(directory);
  } catch (error) {
    return badReply(error, null, {}, null);
  }
  if (exit === null) {
    const failure = engineSays === "rejected" ? "did_not_fit" : engineSays;
    return { outcome: engineSays, failure, detail, step: null, replies: {}, exit };
  }
  if (exit.attempt !== basename(directory)) {
    return badReply(new ContractError(`exit.json in ${directory} is of attempt ${exit.attempt}.`), null, {}, exit);
  }
  return await readReplies(directory, exit);
}

async function readReplies(directory: string, exit: ExitRecord): Promise<AttemptOutcome> {
  const replies: Replies = {};
  for (const { name, reply_sha256 } of exit.steps) {
    if (reply_sha256 === null || (name !== "train" && name !== "evaluate")) continue;
    try {
      const failed = name === "train" ? await readTrain(directory, exit, replies) : await readEvaluate(directory, exit, replies);
      if (failed !== null) return { outcome: exit.outcome, failure: failed.reason, detail: failed.detail, step: name, replies, exit };
    } catch (error) {
      return badReply(error, name, replies, exit);
    }
  }
  const step = exit.steps.at(-1)?.name ?? null;
  if (exit.outcome !== "finished") return { outcome: exit.outcome, failure: exit.outcome, detail: exit.detail, step, replies, exit };
  return { outcome: "finished", failure: null, detail: "", step: null, replies, exit };
}

async function readTrain(directory: string, exit: ExitRecord, replies: Replies) {
  const reply = await readStepReply(directory, exit, "train", trainReplySchema);
  if (reply.status === "failed") return reply;
  replies.train = reply;
  return null;
}

async function readEvaluate(directory: string, exit: ExitRecord, replies: Replies) {
  const reply = await readStepReply(directory, exit, "evaluate", evaluateReplySchema);
  if (reply.status === "failed") return reply;
  replies.evaluate = reply;
  return null;
}

function badReply(error: unknown, step: string | null, replies: Replies, exit: ExitRecord | null): AttemptOutcome {
  if (!(error instanceof ContractError)) throw error;
  return { outcome: "bad_reply", failure: "bad_reply", detail: error.message, step, replies, exit };
}
