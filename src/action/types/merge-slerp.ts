import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { compatibilityGroup, mergeCost, orderedPair, validateAverage } from "./merging.ts";

/** Spherical interpolation between two models. */
export const mergeSlerp: ActionType = {
  name: "merge_slerp",
  title: "SLERP merge",
  script: "merge",
  resultVersion: 1,
  slots: orderedPair,
  settingSchema: z.strictObject({
    /** 0 is the first model, 1 the second. */
    t: z.number().min(0).max(1).default(0.5),
  }),
  validate: validateAverage,
  parentGroup: compatibilityGroup,
  cost: mergeCost,
};
