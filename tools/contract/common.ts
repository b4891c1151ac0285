import { z } from "zod";

/** Raised when a request or reply changes its form. */
export const contractVersion = 1;

/** Scripts of the `temper_gpu` package, one file each. */
export const scriptNames = ["prepare", "sft", "preference", "merge", "evaluate"] as const;

export const deviceSchema = z.strictObject({
  kind: z.enum(["cpu", "cuda"]),
  /** Logical indices from 0: which real devices they are is the executor's matter (CUDA_VISIBLE_DEVICES). */
  indices: z.array(z.int().nonnegative()),
});

export const limitsSchema = z.strictObject({
  /** Wall-clock limit of the whole job in seconds: approved p90 × 1.25. */
  wall_seconds: z.number().positive(),
  /** Limit of the script's resident memory, or null for none. */
  memory_mib: z.int().positive().nullable(),
  /** What the job may write in its directory and publish, or null for none. */
  disk_mib: z.int().positive().nullable(),
});

/** A model on disk. An adapter is applied on top of `path`, outermost last. */
export const modelRefSchema = z.strictObject({
  key: z.string(),
  path: z.string(),
  /** PEFT adapter directories that are merged onto `path` in this order; empty for full weights. */
  adapters: z.array(z.string()),
});

export const datasetRefSchema = z.strictObject({
  key: z.string(),
  path: z.string(),
  format: z.enum(["messages", "prompt_completion", "preference", "unpaired_preference"]),
  rows: z.int().positive(),
  /** Share of the mixture; equal weights sample the union as it is. */
  weight: z.number().positive(),
});

export const fidelitySchema = z.strictObject({
  data: z.number().gt(0).lte(1),
  steps: z.number().gt(0).lte(1),
});

/** Why a script could not give what was asked. Experiments run into these; they are stored and learnt from. */
const failureReasonSchema = z.enum([
  "out_of_memory",
  "timeout",
  "diverged",
  "bad_data",
  "bad_model",
  "incompatible_models",
  "disk_full",
  "no_permission",
  "did_not_fit",
  "cancelled",
  "crashed",
  "bad_reply",
  "lost",
]);
export type FailureReason = z.infer<typeof failureReasonSchema>;

const artifactSchema = z.strictObject({
  path: z.string(),
  sha256: z.string().length(64),
  bytes: z.int().nonnegative(),
});

/** Builds a script's request: the same envelope for all, with the script's own `inputs` and `settings`. */
export function requestSchema<Inputs extends z.ZodType, Settings extends z.ZodType>(inputs: Inputs, settings: Settings) {
  return z.strictObject({
    schema_version: z.literal(contractVersion),
    attempt: z.string(),
    /** Key of what this step makes: an action key or an evaluation batch key. */
    key: z.string(),
    seed: z.int(),
    device: deviceSchema,
    inputs,
    /** What the step makes: the script writes its files here; this is what gets published. Scratch goes to `report.work_dir`. */
    output_dir: z.string(),
    settings,
    limits: limitsSchema,
  });
}

const replyEnvelope = {
  artifacts: z.array(artifactSchema),
  /** What was really used, also what a retry changed. */
  settings_used: z.record(z.string(), z.json()),
  warnings: z.array(z.string()),
  wall_seconds: z.number().nonnegative(),
  device_seconds: z.number().nonnegative(),
  cpu_seconds: z.number().nonnegative(),
  peak_memory_mib: z.number().nonnegative(),
  versions: z.record(z.string(), z.string()),
};

/** Builds a script's reply: `ok` with the script's metrics, or `failed` with a reason. */
export function replySchema<Metrics extends z.ZodType>(metrics: Metrics) {
  return z.discriminatedUnion("status", [
    z.strictObject({ status: z.literal("ok"), metrics, ...replyEnvelope }),
    z.strictObject({
      status: z.literal("failed"),
      reason: failureReasonSchema,
      detail: z.string(),
      metrics: z.null(),
      ...replyEnvelope,
    }),
  ]);
}

/** What a training or a merge says of the model it made. */
export const modelMetricsSchema = z.strictObject({
  steps: z.int().nonnegative(),
  tokens: z.int().nonnegative(),
  /** Loss in nats on the same (at most 16) training rows before the first step and after the last; null for a merge. */
  train_loss_first: z.number().nullable(),
  train_loss_last: z.number().nullable(),
  /** L2 norm of (child − first parent) over the norm of the parent; 0 means that nothing moved. */
  weight_change: z.number().nonnegative(),
  parameters: z.int().positive(),
  trainable_parameters: z.int().nonnegative(),
  form: z.enum(["full", "adapter"]),
  /** Hash over the artifacts' hashes: equal models have equal hashes. */
  model_hash: z.string(),
});
