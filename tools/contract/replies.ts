import type { z } from "zod";
import { modelMetricsSchema, replySchema } from "./common.ts";
import type { EvaluateReply } from "./evaluate.ts";

/** Reply of any script that makes a model: sft, preference and merge answer alike. */
export const trainReplySchema = replySchema(modelMetricsSchema);
export type TrainReply = z.infer<typeof trainReplySchema>;
export type OkTrainReply = Extract<TrainReply, { status: "ok" }>;
export type OkEvaluateReply = Extract<EvaluateReply, { status: "ok" }>;

/** Replies with status `ok`, by step name. */
export interface Replies {
  train?: OkTrainReply;
  evaluate?: OkEvaluateReply;
}
