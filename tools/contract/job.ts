import { z } from "zod";
import { contractVersion, deviceSchema, limitsSchema, scriptNames } from "./common.ts";

/** Attempt ids are directory names, Slurm job names and Ray submission ids: `<key prefix>-<n>`. */
const attemptIdSchema = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*-\d+$/);

/** One script of a job. Its own request stands in `steps/<name>/request.json`, its reply in `steps/<name>/result.json`. */
const jobStepSchema = z.strictObject({
  name: z.enum(["prepare", "train", "evaluate"]),
  script: z.enum(scriptNames),
  /** Absolute path of the step's directory. */
  directory: z.string(),
  /**
   * Where the step's `output/` goes by rename when its reply is ok; null when nothing is published. If something
   * stands there already it is kept, and the output is discarded.
   */
  publish_to: z.string().nullable(),
});

/** `request.json` of an attempt directory: what the runner executes, in order, until a step fails. */
export const jobRequestSchema = z.strictObject({
  schema_version: z.literal(contractVersion),
  attempt: attemptIdSchema,
  key: z.string(),
  device: deviceSchema,
  limits: limitsSchema,
  steps: z.array(jobStepSchema).min(1),
  /** Directory of an earlier attempt whose trainer checkpoint may be continued, or null. */
  resume_from: z.string().nullable(),
});
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** `claim.json`, made by temp file + link(): who runs this attempt. Only the first claim counts. */
export const claimSchema = z.strictObject({
  attempt: z.string(),
  host: z.string(),
  boot_id: z.string(),
  pid: z.int(),
  /** Field 22 of /proc/<pid>/stat: tells a process from a later one with the same pid. */
  start_ticks: z.int(),
  claimed_at: z.number(),
});

/**
 * `exit.json`, made by temp file + link() when everything is over: by the runner, or for it by who ended the attempt or
 * found it lost. The first one counts. Present = over, whatever the engine says.
 */
export const exitSchema = z.strictObject({
  attempt: z.string(),
  outcome: z.enum(["finished", "crashed", "cancelled", "timeout", "out_of_memory", "disk_full", "lost"]),
  /** Steps that were started, in order. */
  steps: z.array(
    z.strictObject({
      name: z.string(),
      exit_code: z.int().nullable(),
      signal: z.int().nullable(),
      /** sha256 of result.json, or null where there is none. */
      reply_sha256: z.string().nullable(),
      /** Whether the step's output stands in its `publish_to`. */
      published: z.boolean(),
    }),
  ),
  started_at: z.number(),
  ended_at: z.number(),
  peak_memory_mib: z.number(),
  detail: z.string(),
});

/** One line of `progress.jsonl` in the attempt directory. */
export const progressLineSchema = z.strictObject({
  time: z.number(),
  step: z.enum(["prepare", "train", "evaluate"]),
  /** Optimiser steps or items done, and of how many. */
  done: z.number(),
  total: z.number(),
  unit: z.enum(["steps", "items", "tensors"]),
  loss: z.number().nullable(),
});
export type ProgressLine = z.infer<typeof progressLineSchema>;
