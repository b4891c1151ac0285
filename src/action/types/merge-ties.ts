import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { mergeSettingShape } from "./merge-setting.ts";
import { taskVectorGroup, mergeCost, unorderedParents, validateTaskVectors } from "./merging.ts";

/** Trims task vectors, elects a sign for each entry, and sums what agrees (arXiv 2306.01708). */
export const mergeTies: ActionType = {
  name: "merge_ties",
  title: "TIES merge",
  script: "merge",
  resultVersion: 1,
  slots: unorderedParents,
  settingSchema: z.strictObject({ ...mergeSettingShape }),
  validate: validateTaskVectors,
  parentGroup: taskVectorGroup,
  cost: mergeCost,
};
