import { z } from "zod";
import { splits } from "#src/pool/objects.ts";
import { verifierSchema } from "#src/score/verifier.ts";
import { modelRefSchema, replySchema, requestSchema } from "./common.ts";

/** One task of an evaluation; items were registered by `prepare`. */
const evaluationTaskSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("generate"),
    id: z.string(),
    key: z.string(),
    /** Normalised JSONL: `{ prompt | messages, answer, id }`. */
    items_path: z.string(),
    verifier: verifierSchema,
    max_new_tokens: z.int().positive(),
    few_shot: z.int().nonnegative(),
    /** Rows that few-shot examples are drawn from (the task's own train share); null when `few_shot` is 0. */
    few_shot_path: z.string().nullable(),
    chat_template: z.boolean(),
    batch_size: z.int().positive(),
  }),
  z.strictObject({
    kind: z.literal("lm_eval"),
    id: z.string(),
    key: z.string(),
    /** lm-eval's task name. */
    task: z.string(),
    include_path: z.string().nullable(),
    metric: z.string(),
    /** Indices into lm-eval's documents, as JSONL `{ index, id }`. */
    items_path: z.string(),
    num_fewshot: z.int().nonnegative().nullable(),
    batch_size: z.int().positive(),
  }),
]);

/** Evaluates one model on one split of some tasks. */
export const evaluateRequestSchema = requestSchema(
  z.strictObject({ model: modelRefSchema, split: z.enum(splits), tasks: z.array(evaluationTaskSchema).min(1) }),
  z.strictObject({}),
);

const taskResultSchema = z.strictObject({
  id: z.string(),
  key: z.string(),
  items: z.int().positive(),
  /** Outcome of each item in the order of the items file: 1 right, 0 wrong, or the metric's value. */
  strict: z.array(z.number()),
  /** The same, judged leniently: the right answer stands anywhere in the output. */
  lenient: z.array(z.number()),
  /** Score of always giving the most common right answer. */
  majority: z.number(),
  /** Share of outputs that ran into `max_new_tokens`. */
  hit_token_limit: z.number().min(0).max(1),
  /** Share of outputs that are empty, and share of the most common output. */
  empty: z.number().min(0).max(1),
  most_common_output: z.number().min(0).max(1),
  mean_output_tokens: z.number().nonnegative(),
  /** Lengths of the outputs; left out by what writes none (a choice by likelihood), and by replies of before. */
  output_tokens: z.strictObject({ median: z.number().nonnegative(), p90: z.number().nonnegative() }).optional(),
});

export const evaluateReplySchema = replySchema(z.strictObject({ tasks: z.array(taskResultSchema).min(1) }));
export type TaskResult = z.infer<typeof taskResultSchema>;
export type EvaluateReply = z.infer<typeof evaluateReplySchema>;
