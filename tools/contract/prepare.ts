import { z } from "zod";
import { splits } from "#src/pool/objects.ts";
import { verifierSchema } from "#src/score/verifier.ts";
import { replySchema, requestSchema } from "./common.ts";

/** Source of a model, dataset or task: a directory, a file, a hub id, or `tiny-world:NAME?world=N`. */
const sourceSchema = z.strictObject({
  path: z.string(),
  /** Hub only: a branch, tag or commit; resolved to a commit. */
  revision: z.string().nullable(),
});

/** A dataset or a task as an earlier registration left it. */
const registeredSchema = z.strictObject({ id: z.string(), key: z.string(), path: z.string() });

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
    /** Registered objects of a run that these join: they are compared with what is new, and not registered again. */
    known: z.strictObject({ datasets: z.array(registeredSchema), tasks: z.array(registeredSchema) }).optional(),
  }),
  z.strictObject({}),
);

const problemSchema = z.strictObject({
  /** `models.base`, `datasets.gsm8k`, `tasks.math`. */
  object: z.string(),
  row: z.int().positive().nullable(),
  message: z.string(),
});

/** A row of a dataset, the item that it is closest to, and how much of the item's n-grams it holds. */
const overlapExampleSchema = z.strictObject({
  /** Number in the source, from 1. */
  row: z.int().positive(),
  item: z.string(),
  similarity: z.number().min(0).max(1),
  exact: z.boolean(),
  row_text: z.string(),
  item_text: z.string(),
});

/** What of a dataset stands in the evaluation splits of the tasks, word for word or by 8-grams. */
const overlapSchema = z.strictObject({
  /** Rows that hold an item of this split, of whichever task; `any` counts a row once. */
  rows: z.strictObject({
    search: z.int().nonnegative(),
    confirm: z.int().nonnegative(),
    final: z.int().nonnegative(),
    any: z.int().nonnegative(),
  }),
  found: z.array(
    z.strictObject({
      task: z.string(),
      split: z.enum(splits),
      rows: z.int().positive(),
      /** Of these, the rows with an item's prompt word for word. */
      exact_rows: z.int().nonnegative(),
      /** Items of the split that stand in some row. */
      items: z.int().positive(),
      /** The closest rows. */
      examples: z.array(overlapExampleSchema).min(1),
    }),
  ),
  /** JSONL file with every such row, or null when there is none. */
  list: z.string().nullable(),
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
        overlap: overlapSchema,
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
    /** What of the known datasets stands in the new tasks' splits; rows are numbered as registered. */
    known_overlaps: z.array(z.strictObject({ id: z.string(), rows: z.int().positive(), overlap: overlapSchema })).optional(),
    problems: z.array(problemSchema),
  }),
);
export type PrepareReply = z.infer<typeof prepareReplySchema>;
