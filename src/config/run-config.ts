import { z } from "zod";
import { actionTypeNames } from "../action/action.ts";
import { verifierSchema } from "../score/verifier.ts";
import { rayExecutorSchema, slurmExecutorSchema } from "./engine-config.ts";

/** A list is a set of choices; `{ min, max, scale }` is a range; a bare value is fixed. */
const rangeSchema = z.strictObject({
  min: z.number(),
  max: z.number(),
  scale: z.enum(["linear", "log"]).default("linear"),
});
export type Range = z.infer<typeof rangeSchema>;

const scalarSchema = z.union([z.number(), z.string(), z.boolean(), z.null()]);
/** Choices of merge weights are lists of numbers, hence the nested arrays. */
const searchValueSchema = z.union([rangeSchema, scalarSchema, z.array(z.union([scalarSchema, z.array(z.number())]))]);
export type SearchValue = z.infer<typeof searchValueSchema>;

/** `peft: { r: [16, 64] }` is written nested as in PEFT and read as `peft_r`. */
export const actionSpaceSchema = z.record(z.string(), z.union([searchValueSchema, z.record(z.string(), searchValueSchema)]));

const splitItemsSchema = z.strictObject({
  search: z.int().positive().default(200),
  confirm: z.int().positive().default(200),
  final: z.int().positive().default(200),
});

const taskCommon = {
  weight: z.number().nonnegative().default(1),
  floor: z.union([z.literal("base"), z.number()]).optional(),
  items: splitItemsSchema.prefault({}),
};

/** What models are scored on. */
export const taskSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("generate"),
    path: z.string(),
    split: z.string().optional(),
    revision: z.string().optional(),
    columns: z.record(z.string(), z.string()).default({}),
    verifier: verifierSchema,
    max_new_tokens: z.int().positive().default(256),
    few_shot: z.int().nonnegative().default(0),
    /** null = use the tokenizer's chat template when it has one. */
    chat_template: z.boolean().nullable().default(null),
    batch_size: z.int().positive().default(32),
    ...taskCommon,
  }),
  z.strictObject({
    kind: z.literal("lm_eval"),
    task: z.string(),
    include_path: z.string().optional(),
    metric: z.string().default("acc"),
    /** The metric's possible maximum. */
    maximum: z.number().positive().default(1),
    num_fewshot: z.int().nonnegative().optional(),
    batch_size: z.int().positive().default(32),
    ...taskCommon,
  }),
]);

const llmSettingSchema = z.strictObject({
  model: z.string(),
  base_url: z.url().optional(),
  api_key_env: z.string().default("OPENAI_API_KEY"),
  temperature: z.number().min(0).max(2).default(0),
  timeout_seconds: z.number().positive().default(60),
  max_tokens: z.int().positive().default(1500),
  usd_per_million_input_tokens: z.number().nonnegative().optional(),
  usd_per_million_output_tokens: z.number().nonnegative().optional(),
});
export type LlmSetting = z.infer<typeof llmSettingSchema>;

/** Where and how jobs run. */
export const executorSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("local"),
    lanes: z.int().positive().default(1),
    /** `cpu` slots, or `cuda`; auto = GPUs when there are any. */
    device: z.enum(["auto", "cpu", "cuda"]).default("auto"),
    /** CPU slots on this host; default: one for each core. */
    cpu_slots: z.int().positive().optional(),
    gpus_per_job: z.int().positive().default(1),
    warm_worker: z.boolean().default(true),
    /** Gives each slot cores of its own; default: where a slot has at least two. */
    pin_cpus: z.boolean().optional(),
    memory_mib: z.int().positive().optional(),
    /** Niceness of jobs, 0 to 19: where cores are short, whoever drives the run and talks to people comes first. Default: 10. */
    nice: z.int().min(0).max(19).optional(),
  }),
  z.strictObject({
    kind: z.literal("scripted"),
    lanes: z.int().positive().default(1),
    /** JSON file that says how jobs turn out: see `tools/executors/scripted`. */
    script: z.string().optional(),
  }),
  slurmExecutorSchema,
  rayExecutorSchema,
]);

/** Language models of the three roles. */
export const llmSchema = z.strictObject({
  default: llmSettingSchema,
  planner: llmSettingSchema.partial().optional(),
  selector: llmSettingSchema.partial().optional(),
  reflector: llmSettingSchema.partial().optional(),
});

/** Fixed baselines that are measured first. `false` leaves them out. */
export const baselinesSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      singles: z.boolean().default(true),
      sft_all: z.boolean().default(true),
      /** SFT on all data with this many times the steps of one action: the compute-matched comparison. */
      sft_all_compute: z.number().positive().nullable().default(4),
      ties_grid: z.boolean().default(true),
      /** Training seeds of the repeated baseline that measure the noise. */
      noise_repeats: z.int().nonnegative().default(3),
    }),
  ])
  .prefault({});

/** What a single job may take before people are asked: its p90. */
export const approvalLimitSchema = z.strictObject({
  device_hours: z.number().nonnegative().optional(),
  usd: z.number().nonnegative().optional(),
});

/** Which jobs wait for people, and how. */
export const approvalSchema = z
  .strictObject({
    over: approvalLimitSchema.prefault({}),
    /** Above this two people have to approve. */
    two_approvers_over: approvalLimitSchema.optional(),
    /** Whether who asked for the run may approve alone. */
    requester_may_approve_alone: z.boolean().default(true),
    expires_hours: z.number().positive().default(12),
    /** People are reminded so many hours before a question expires; 0 = not. */
    remind_hours: z.number().nonnegative().default(1),
    on_expiry: z.enum(["skip", "ask_again", "stop"]).default("skip"),
    /** A job that ran into its time limit: people are asked for more, or it gets it once, within every cap and threshold. */
    on_time_limit: z.enum(["ask", "extend"]).default("ask"),
    max_pending: z.int().positive().default(4),
  })
  .prefault({});

/** Where a base model comes from: a hub id, a directory, or `tiny-world:…`. */
export const modelSourceSchema = z.strictObject({ path: z.string(), revision: z.string().optional() });

/** Where a dataset comes from and how its rows read. */
export const datasetSourceSchema = z.strictObject({
  path: z.string(),
  split: z.string().optional(),
  revision: z.string().optional(),
  format: z.enum(["auto", "messages", "prompt_completion", "preference", "unpaired_preference", "alpaca", "sharegpt"]).default("auto"),
  columns: z.record(z.string(), z.string()).default({}),
  on_bad_rows: z.enum(["fail", "skip"]).default("fail"),
  /** Rows that stand in an evaluation split of a task: `refuse` the run, or `warn` and train on them, on record. */
  on_overlap: z.enum(["refuse", "warn"]).default("refuse"),
});

const share = z.number().gt(0).lte(1).default(1);
/** Shares of the data and of the steps of a training. */
const rungSchema = z.strictObject({ data: share, steps: share });

/** What a run may use in all. A cap that is left out is none. @param trials Chosen trials where nothing is said. */
export function budgetSchema(trials: number) {
  return z
    .strictObject({
      /** Chosen trials that start a job. */
      trials: z.int().positive().default(trials),
      /** Optimiser steps of the chosen trials, all together. */
      steps: z.int().positive().optional(),
      device_hours: z.number().positive().optional(),
      usd: z.number().positive().optional(),
      usd_per_device_hour: z.number().nonnegative().default(0),
      llm_usd: z.number().positive().optional(),
      llm_tokens: z.int().positive().optional(),
      disk_gb: z.number().positive().optional(),
    })
    .prefault({});
}

/** A run, as a person writes it in `temper.yaml`. Names follow TRL, PEFT, mergekit and lm-eval where they have one. */
export const runConfigSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, "use lower-case letters, digits and dashes")
    .max(60),
  goal: z.string().max(2000).default(""),
  models: z.record(z.string(), modelSourceSchema),
  datasets: z.record(z.string(), datasetSourceSchema),
  tasks: z.record(z.string(), taskSchema),
  actions: z.partialRecord(z.enum(actionTypeNames), actionSpaceSchema),
  /** Most parents of a merge in the search space. */
  merge_parents: z.int().min(2).max(8).default(3),
  /** Most datasets of one SFT in the search space; their rows are mixed. 1 = no mixtures. */
  mixture_datasets: z.int().min(1).max(8).default(3),
  /** Fidelities below 1 that the planner may choose for a first look at the data, where `budget.steps` is scarce; [] = none. */
  rungs: z
    .array(rungSchema)
    .max(8)
    .default([{ data: 1, steps: 0.25 }]),
  /** Longest way from a base to a model. */
  max_depth: z.int().positive().default(10),
  policy: z.enum(["random", "greedy", "lookahead", "llm", "hybrid"]).default("hybrid"),
  llm: llmSchema.optional(),
  /** Fixed baselines that are measured first. `false` leaves them out. */
  baselines: baselinesSchema,
  budget: budgetSchema(40),
  approval: approvalSchema,
  executor: executorSchema.prefault({ kind: "local" }),
  /** Weight where runs share devices: one of priority 2 gets twice the lanes of one of priority 1. */
  priority: z.number().positive().max(100).default(1),
  seed: z.int().nonnegative().default(0),
});

export type RunConfig = z.infer<typeof runConfigSchema>;
export type TaskConfig = RunConfig["tasks"][string];
