import type { z } from "zod";
import type { EvaluateReply } from "./evaluate.ts";
import { evaluateReplySchema } from "./evaluate.ts";
import { mergeReplySchema } from "./merge.ts";
import { preferenceReplySchema } from "./preference.ts";
import { prepareReplySchema } from "./prepare.ts";
import { sftReplySchema } from "./sft.ts";

/** Reply of each script. */
export const replySchemas = {
  prepare: prepareReplySchema,
  sft: sftReplySchema,
  preference: preferenceReplySchema,
  merge: mergeReplySchema,
  evaluate: evaluateReplySchema,
} as const;

/** Reply of any script that makes a model. */
export type TrainReply = z.infer<typeof sftReplySchema>;
export type OkTrainReply = Extract<TrainReply, { status: "ok" }>;
export type OkEvaluateReply = Extract<EvaluateReply, { status: "ok" }>;

/** Replies with status `ok`, by step name. */
export interface Replies {
  train?: OkTrainReply;
  evaluate?: OkEvaluateReply;
}
