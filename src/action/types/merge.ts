import { z } from "zod";

/** How parents are weighted: `equal`, or one number for each parent, in the order of the action's models. */
const weights = z.union([z.literal("equal"), z.array(z.number().nonnegative()).min(2)]).default("equal");
const density = z.number().gt(0).lte(1);
/** Scale of the merged task vector, mergekit's `lambda`. */
const lambda = z.number().positive().default(1);

/** Settings of each merge type, by mergekit's parameter names. */
export const mergeSettingSchemas = {
  merge_linear: z.strictObject({ weights }),
  merge_task_arithmetic: z.strictObject({ weights, lambda }),
  merge_ties: z.strictObject({ weights, density: density.default(0.5), lambda }),
  merge_dare_ties: z.strictObject({ weights, density: density.default(0.5), lambda }),
  merge_slerp: z.strictObject({ t: z.number().min(0).max(1).default(0.5) }),
} as const;
