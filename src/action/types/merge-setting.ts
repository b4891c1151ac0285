import { z } from "zod";

/** Hyper-parameters that merge types share, by mergekit's parameter names. */
export const mergeSettingShape = {
  /** How parents are weighted: `equal`, or one number for each parent, in the order of the action's models. */
  weights: z.union([z.literal("equal"), z.array(z.number().nonnegative()).min(2)]).default("equal"),
  /** Share of each task vector's entries that is kept. */
  density: z.number().gt(0).lte(1).default(0.5),
  /** Scale of the merged task vector, mergekit's `lambda`. */
  lambda: z.number().positive().default(1),
} as const;
