import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { mergeSettingShape } from "./merge-setting.ts";
import { compatibilityGroup, mergeCost, unorderedParents, validateAverage } from "./merging.ts";

/** Weighted average of the parents' weights. */
export const mergeLinear: ActionType = {
  name: "merge_linear",
  title: "Linear merge",
  script: "merge",
  resultVersion: 1,
  slots: unorderedParents,
  settingSchema: z.strictObject({ weights: mergeSettingShape.weights }),
  validate: validateAverage,
  parentGroup: compatibilityGroup,
  cost: mergeCost,
};
