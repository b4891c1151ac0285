import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { mergeSettingShape } from "./merge-setting.ts";
import { taskVectorGroup, mergeCost, unorderedParents, validateTaskVectors } from "./merging.ts";

/** Base plus the weighted sum of the parents' task vectors (arXiv 2212.04089). */
export const mergeTaskArithmetic: ActionType = {
  name: "merge_task_arithmetic",
  title: "Task-arithmetic merge",
  script: "merge",
  resultVersion: 1,
  slots: unorderedParents,
  settingSchema: z.strictObject({ weights: mergeSettingShape.weights, lambda: mergeSettingShape.lambda }),
  validate: validateTaskVectors,
  parentGroup: taskVectorGroup,
  cost: mergeCost,
};
