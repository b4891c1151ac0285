import { z } from "zod";
import { actionTypeNames } from "../../action/action.ts";
import { actionSpaceSchema, approvalLimitSchema, baselinesSchema, runConfigSchema } from "../../config/run-config.ts";

const name = z.string().max(60);
const { policy, merge_parents, mixture_datasets, max_depth, seed } = runConfigSchema.shape;

/**
 * A run as somebody may ask for it by chat: names of the owner's catalogue, what may be tried with them, and limits.
 * Paths, machines, endpoints and prices are the owner's and have no place here.
 */
export const chatRunSchema = z.strictObject({
  /** A whole run of the catalogue; then only the name, the goal, the seed, the policy and limits may be said beside it. */
  run: name.optional(),
  name: runConfigSchema.shape.name.optional(),
  goal: z.string().max(2000).optional(),
  models: z.array(name).min(1).max(50).optional(),
  datasets: z.array(name).max(200).optional(),
  /** Names, or names with a weight and a floor. */
  tasks: z
    .union([
      z.array(name).min(1).max(50),
      z.record(
        name,
        z.strictObject({ weight: z.number().nonnegative().optional(), floor: z.union([z.literal("base"), z.number()]).optional() }),
      ),
    ])
    .optional(),
  actions: z.partialRecord(z.enum(actionTypeNames), actionSpaceSchema).optional(),
  policy: policy.unwrap().optional(),
  merge_parents: merge_parents.unwrap().optional(),
  mixture_datasets: mixture_datasets.unwrap().optional(),
  max_depth: max_depth.unwrap().optional(),
  baselines: baselinesSchema.unwrap().optional(),
  budget: z
    .strictObject({
      trials: z.int().positive().optional(),
      steps: z.int().positive().optional(),
      device_hours: z.number().positive().optional(),
      usd: z.number().positive().optional(),
      llm_usd: z.number().positive().optional(),
      llm_tokens: z.int().positive().optional(),
      disk_gb: z.number().positive().optional(),
    })
    .optional(),
  approval: z
    .strictObject({
      over: approvalLimitSchema.optional(),
      two_approvers_over: approvalLimitSchema.optional(),
      expires_hours: z.number().positive().optional(),
      on_expiry: z.enum(["skip", "ask_again", "stop"]).optional(),
      max_pending: z.int().positive().max(20).optional(),
    })
    .optional(),
  seed: seed.unwrap().optional(),
});
export type ChatRun = z.infer<typeof chatRunSchema>;
