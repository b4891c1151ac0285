import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { mergeSettingShape } from "./merge-setting.ts";
import { taskVectorGroup, mergeCost, unorderedParents, validateTaskVectors } from "./merging.ts";

/** TIES on task vectors of which a random share is dropped and the rest rescaled (arXiv 2311.03099). */
export const mergeDareTies: ActionType = {
  name: "merge_dare_ties",
  title: "DARE-TIES merge",
  script: "merge",
  resultVersion: 1,
  slots: unorderedParents,
  settingSchema: z.strictObject({ ...mergeSettingShape }),
  validate: validateTaskVectors,
  parentGroup: taskVectorGroup,
  cost: mergeCost,
};
