import { z } from "zod";
import { verifierSchema } from "#src/score/verifier.ts";
import { replySchema, requestSchema } from "./common.ts";

/** Source of a model, dataset or task: a directory, a file, a hub id, or `tiny-world:NAME?world=N`. */
const sourceSchema = z.strictObject({
  path: z.string(),
  /** Hub only: a branch, tag or commit; resolved to a commit. */
  revision: z.string().nullable(),
});

const columnsSchema = z.record(z.string(), z.string());

/**
 * Registers objects: reads them in whatever format they are in, checks each row, writes normalised copies under
 * `cache_dir`, and says what they are. The only step that may use a network (hub ids, pinned to a commit).
 */
export const prepareRequestSchema = requestSchema(
  z.strictObject({
    cache_dir: z.string(),
    models: z.array(z.strictObject({ id: z.string(), source: sourceSchema })),
    datasets: z.array(
      z.strictObject({
        id: z.string(),
        source: sourceSchema,
        /** Hub split or null. */
        split: z.string().nullable(),
        format: z.enum(["auto", "messages", "prompt_completion", "preference", "unpaired_preference", "alpaca", "sharegpt"]),
        columns: columnsSchema,
        on_bad_rows: z.enum(["fail", "skip"]),
      }),
    ),
    tasks: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.enum(["generate", "lm_eval"]),
        source: sourceSchema.nullable(),
        split: z.string().nullable(),
        columns: columnsSchema,
        verifier: verifierSchema.nullable(),
        max_new_tokens: z.int().positive(),
        few_shot: z.int().nonnegative(),
        task: z.string().nullable(),
        include_path: z.string().nullable(),
        /** Most items in each evaluation split; what is over is left out. */
        items: z.strictObject({ search: z.int().positive(), confirm: z.int().positive(), final: z.int().positive() }),
      }),
    ),
    offline: z.boolean(),
  }),
  z.strictObject({}),
);

const problemSchema = z.strictObject({
  /** `models.base`, `datasets.gsm8k`, `tasks.math`. */
  object: z.string(),
  row: z.int().positive().nullable(),
  message: z.string(),
});

/** `problems` make the registration unusable; the caller prints them all. */
export const prepareReplySchema = replySchema(
  z.strictObject({
    models: z.array(
      z.strictObject({
        id: z.string(),
        key: z.string(),
        path: z.string(),
        architecture: z.string(),
        compatibility: z.string(),
        parameters: z.int().positive(),
        form: z.enum(["full", "adapter"]),
        revision: z.string().nullable(),
      }),
    ),
    datasets: z.array(
      z.strictObject({
        id: z.string(),
        key: z.string(),
        path: z.string(),
        format: z.enum(["messages", "prompt_completion", "preference", "unpaired_preference"]),
        rows: z.int().positive(),
        skipped_rows: z.int().nonnegative(),
        mean_tokens: z.number().positive(),
        revision: z.string().nullable(),
      }),
    ),
    tasks: z.array(
      z.strictObject({
        id: z.string(),
        key: z.string(),
        /** Directory with `search.jsonl`, `confirm.jsonl`, `final.jsonl`, `train.jsonl`. */
        path: z.string(),
        items: z.strictObject({ search: z.int(), confirm: z.int(), final: z.int() }),
        majority: z.strictObject({ search: z.number(), confirm: z.number(), final: z.number() }),
        longest_answer_tokens: z.int().nonnegative(),
      }),
    ),
    problems: z.array(problemSchema),
  }),
);
export type PrepareReply = z.infer<typeof prepareReplySchema>;
