import { z } from "zod";
import { actionSchema } from "../action/action-schema.ts";
import { trialRecordSchema } from "../search/run-record.ts";

const scoresSchema = z.record(z.string(), z.number());

/** Parts of the paper that `temper paper` does, in the order of the page. */
export const paperParts = ["experiment-1", "figure-3", "figure-5", "experiment-2", "data-size", "model-size"] as const;
export type PaperPart = (typeof paperParts)[number];

/** What a part was measured on. */
const basisSchema = z.strictObject({
  /** Name of the config. */
  config: z.string(),
  /** Whether all data and tasks are the tiny world's: then a seed also draws them anew. */
  isTiny: z.boolean(),
  /** Source of the base model. */
  base: z.string(),
  seeds: z.array(z.int()),
  /** Chosen trials of each search. */
  trials: z.int(),
  tasks: z.array(z.strictObject({ id: z.string(), weight: z.number(), items: z.strictObject({ search: z.int(), final: z.int() }) })),
});
export type Basis = z.infer<typeof basisSchema>;

/** One model under one seed: its scores by task, in [0, 1]. */
const readSchema = z.strictObject({ seed: z.int(), key: z.string(), steps: z.int(), search: scoresSchema, final: scoresSchema });
export type Read = z.infer<typeof readSchema>;

/** A way to get a model, under every seed. */
const rowSchema = z.strictObject({
  id: z.string(),
  label: z.string(),
  kind: z.enum(["base", "search", "single", "all", "merge"]),
  reads: z.array(readSchema),
  failures: z.array(z.strictObject({ seed: z.int(), reason: z.string() })),
});
export type Row = z.infer<typeof rowSchema>;

/** A search with every decision and score, in short. */
export const runSchema = z.strictObject({
  experiment: z.string(),
  arm: z.string(),
  seed: z.int(),
  base: scoresSchema,
  trials: z.array(trialRecordSchema.omit({ action: true, reason: true }).extend({ what: z.string() })),
});
export type PaperRun = z.infer<typeof runSchema>;

/** Arms that were left out, and why. */
const lacksSchema = z.array(z.string());
const stepsSchema = z.array(z.strictObject({ model: z.string(), action: actionSchema }));

const experimentShape = { basis: basisSchema, rows: z.array(rowSchema), runs: z.array(runSchema), lacks: lacksSchema };

/** Results as they stand in files, one for each part. */
export const paperResultSchema = z.discriminatedUnion("part", [
  z.strictObject({ part: z.literal("experiment-1"), ...experimentShape }),
  z.strictObject({ part: z.literal("experiment-2"), ...experimentShape }),
  z.strictObject({
    part: z.literal("figure-3"),
    basis: basisSchema,
    pipelines: z.array(
      z.strictObject({
        found: z.strictObject({ seed: z.int(), model: z.string(), search: z.number() }),
        steps: stepsSchema,
        /** Made again under seeds that it was not found under. */
        again: rowSchema,
      }),
    ),
  }),
  z.strictObject({
    part: z.literal("figure-5"),
    basis: basisSchema,
    arms: z.array(
      z.strictObject({ arm: z.string(), runs: z.array(z.strictObject({ seed: z.int(), scores: z.array(z.number().nullable()) })) }),
    ),
  }),
  z.strictObject({
    part: z.literal("data-size"),
    basis: basisSchema,
    /** Shares of the data, the one that was searched at first. */
    shares: z.array(z.number()),
    runs: z.array(runSchema),
    seeds: z.array(
      z.strictObject({
        seed: z.int(),
        pipelines: z.array(
          z.strictObject({
            kind: z.enum(["top", "random"]),
            search: z.number(),
            steps: stepsSchema,
            /** `final` score at each share, in their order; null where a step failed. */
            finals: z.array(z.number().nullable()),
          }),
        ),
      }),
    ),
  }),
  z.strictObject({
    part: z.literal("model-size"),
    basis: basisSchema,
    /** Bases, small to large; those that were measured. */
    sizes: z.array(z.string()),
    lacks: lacksSchema,
    pipelines: z.array(z.strictObject({ label: z.string(), steps: stepsSchema })),
    reads: z.array(z.strictObject({ pipeline: z.int(), size: z.string(), seed: z.int(), final: z.number() })),
  }),
]);

export type PaperResult = z.infer<typeof paperResultSchema>;
export type ResultOf<Part extends PaperPart> = Extract<PaperResult, { part: Part }>;
