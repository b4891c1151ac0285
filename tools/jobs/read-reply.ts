import { join } from "node:path";
import { z } from "zod";
import { ContractError } from "#src/errors.ts";
import { type TrainReply, trainReplySchema } from "../contract/replies.ts";
import { type ExitRecord, modelDirectory, parseContract, readIfThere, sha256, stepDirectory } from "./attempt-files.ts";

const keyedSchema = z.object({ key: z.string() });

/** Key that a step's request was for; null when there is no request. */
export async function readStepKey(directory: string, step: string): Promise<string | null> {
  const file = join(stepDirectory(directory, step), "request.json");
  const content = await readIfThere(file);
  return content === null ? null : parseContract(content, keyedSchema, file).key;
}

/**
 * The reply of one step of a finished attempt. It counts when the exit record names its hash: a reply that was cut
 * short, changed or brought from elsewhere does not.
 * @throws ContractError when there is no such reply.
 */
export async function readStepReply<Schema extends z.ZodType>(
  directory: string,
  exit: ExitRecord,
  step: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const file = join(stepDirectory(directory, step), "result.json");
  const record = exit.steps.find((candidate) => candidate.name === step);
  const content = await readIfThere(file);
  if (record === undefined || record.reply_sha256 === null || content === null) {
    throw new ContractError(`Attempt ${exit.attempt} has no reply of step ${step}.`, { file });
  }
  if (sha256(content) !== record.reply_sha256) {
    throw new ContractError(`${file} is not the reply that attempt ${exit.attempt} recorded: its hash differs.`, { file });
  }
  return parseContract(content, schema, file);
}

/** The reply on the card of a published model; null when the model is not there. */
export async function readPublishedReply(home: string, key: string): Promise<TrainReply | null> {
  const file = join(modelDirectory(home, key), "temper.json");
  const content = await readIfThere(file);
  if (content === null) return null;
  const card = parseContract(content, z.strictObject({ key: z.string(), reply: trainReplySchema }), file);
  if (card.key !== key) throw new ContractError(`${file} is the card of another model, ${card.key}. Move that directory away.`, { file });
  return card.reply;
}
