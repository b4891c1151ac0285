import { z } from "zod";

/** A number with its interval, as `--json` prints it. */
export const measuredSchema = z.looseObject({ mean: z.number(), low: z.number(), high: z.number(), split: z.string(), items: z.number() });

/** What `temper finalize --json` prints. */
export const finalReportSchema = z.looseObject({
  winner: z.string(),
  shrinkage: z.number(),
  rows: z.array(
    z.looseObject({
      label: z.string(),
      model: z.string(),
      search: measuredSchema,
      final: measuredSchema,
      overSftAll: measuredSchema.nullable(),
      overSftAllCompute: measuredSchema.nullable(),
    }),
  ),
});

/** What `temper demo --json` prints. */
export const summarySchema = z.looseObject({
  best: z.looseObject({ model: z.string(), search: measuredSchema, final: measuredSchema.nullable(), pipeline: z.array(z.string()) }),
  rows: z.array(z.looseObject({ label: z.string(), score: measuredSchema, behind: measuredSchema.nullable() })),
  counts: z.looseObject({ chosen: z.number(), other: z.number(), fromCache: z.number(), failed: z.number() }),
  shrinkage: z.number().nullable(),
  report: z.string(),
});
