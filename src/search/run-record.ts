import { z } from "zod";

const scoresSchema = z.record(z.string(), z.number());

/** The model that stands first at some point of a run, by its `search` score among those that keep the floors, and what it scores on `final`. */
export const readingSchema = z.strictObject({
  /** `10 trials`, `400 steps`. */
  at: z.string(),
  /** Trials and training steps done by then. */
  trials: z.int(),
  steps: z.int(),
  model: z.string(),
  search: z.number(),
  final: z.number(),
  finalTasks: scoresSchema,
});

/** A chosen trial with its scores on `search`. */
export const trialRecordSchema = z.strictObject({
  number: z.int(),
  action: z.json(),
  model: z.string().nullable(),
  key: z.string().nullable(),
  scores: scoresSchema.nullable(),
  aggregate: z.number().nullable(),
  steps: z.int(),
  failure: z.string().nullable(),
  chosenBy: z.string(),
  mode: z.string(),
  reason: z.string(),
});

/** One run of one arm in one world, with every decision and score: a line of the cache, and of a benchmark's details. */
export const runRecordSchema = z.strictObject({
  experiment: z.string(),
  arm: z.string(),
  world: z.int(),
  /** Seed of the arm's choices. */
  seed: z.int(),
  base: scoresSchema,
  trials: z.array(trialRecordSchema),
  readings: z.array(readingSchema),
});

export type RunRecord = z.infer<typeof runRecordSchema>;
export type Reading = RunRecord["readings"][number];
/** What a comparison of arms needs of a run. */
export type ReadRun = Pick<RunRecord, "experiment" | "arm" | "world" | "readings">;

/** The reading at a point. @throws RangeError when the run was not read there. */
export function readingAt(record: ReadRun, at: string): Reading {
  const reading = record.readings.find((candidate) => candidate.at === at);
  if (reading === undefined) throw new RangeError(`${record.experiment}, ${record.arm}, world ${record.world} was not read at ${at}`);
  return reading;
}
