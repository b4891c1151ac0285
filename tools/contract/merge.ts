import { z } from "zod";
import { modelMetricsSchema, modelRefSchema, replySchema, requestSchema } from "./common.ts";

/** A merge through mergekit's API. `merge_method` and parameters are mergekit's own names. */
export const mergeRequestSchema = requestSchema(
  z.strictObject({
    models: z.array(modelRefSchema).min(2),
    /** The common base of task-vector methods; null for `linear` and `slerp`. */
    base_model: modelRefSchema.nullable(),
  }),
  z.strictObject({
    merge_method: z.enum(["linear", "task_arithmetic", "ties", "dare_ties", "slerp"]),
    /** One weight for each model, in order. */
    weights: z.array(z.number()),
    density: z.number().gt(0).lte(1).nullable(),
    lambda: z.number().positive().nullable(),
    /** slerp only: 0 is the first model, 1 the second. */
    t: z.number().min(0).max(1).nullable(),
    dtype: z.enum(["float32", "bfloat16", "float16"]).nullable(),
  }),
);
export const mergeReplySchema = replySchema(modelMetricsSchema);
