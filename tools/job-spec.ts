import { z } from "zod";
import { actionTypeNames } from "#src/action/action.ts";
import type { Estimate } from "#src/store/store.ts";
import { scriptNames } from "./contract/common.ts";
import type { FailureReason } from "./contract/common.ts";
import type { Replies } from "./contract/replies.ts";

/** One script of a job before it has a directory: what to make, of what, with which settings. */
const jobSpecStepSchema = z.strictObject({
  name: z.enum(["train", "evaluate"]),
  script: z.enum(scriptNames).exclude(["prepare"]),
  /** Key of what the step makes: an action key, or a batch of evaluation keys. */
  key: z.string().min(8),
  /** Training seed; 0 for evaluations. */
  seed: z.int(),
  inputs: z.record(z.string(), z.unknown()),
  settings: z.record(z.string(), z.unknown()),
  /** Whether the step's output becomes `models/<key>`. */
  publish: z.boolean(),
  /** Cost-model feature: see `CostFeatures`; for an evaluation parameters × items (see `costedItems`). */
  work: z.number().nonnegative(),
});
export type JobSpecStep = z.infer<typeof jobSpecStepSchema>;

/** A job as the graph asks for it; nothing of the machine. */
export const jobSpecSchema = z.strictObject({
  /** Id of the run. */
  run: z.string(),
  trial: z.int().positive().nullable(),
  /** See `BatchPart`; null for a trial of its own. */
  batch: z.strictObject({ name: z.string(), members: z.array(z.string()).readonly() }).nullable(),
  /** At most one live job has it, over all runs. */
  key: z.string().min(8),
  actionType: z.enum([...actionTypeNames, "evaluate"]),
  purpose: z.enum(["train", "evaluate", "canary", "remake"]),
  steps: z.array(jobSpecStepSchema).min(1),
});
export type JobSpec = z.infer<typeof jobSpecSchema>;

/** What came of a job. Failures are results; `ask` and `refused` come from the admission check and start nothing. */
export type JobOutcome =
  | {
      status: "ok";
      replies: Replies;
      /** Attempts that were made or waited for, oldest first; empty when everything was known. */
      attempts: string[];
      deviceSeconds: number;
    }
  | { status: "failed"; reason: FailureReason; detail: string; replies: Replies; attempts: string[]; deviceSeconds: number }
  | { status: "ask"; why: string; estimate: Estimate }
  | { status: "refused"; why: string; estimate: Estimate };
