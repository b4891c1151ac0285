import { z } from "zod";
import type { PoolModel } from "../../pool/objects.ts";
import type { ActionType, Validity } from "../action-type.ts";
import type { Setting } from "../action.ts";
import { mergeSettingShape } from "./merge-setting.ts";
import { taskVectorGroup, mergeCost, unorderedParents, validateTaskVectors } from "./merging.ts";

/**
 * DARE drops most of a task vector and rescales the rest; done again in a lineage it destroys the model (mergekit issue
 * 258), so no parent may have a DARE merge behind it.
 */
function validate(models: readonly PoolModel[], setting: Setting): Validity {
  const again = models.find((model) => model.hasDare === true);
  if (again === undefined) return validateTaskVectors(models, setting);
  return { valid: false, reason: `${again.id} has a DARE merge behind it: repeated DARE destroys a model` };
}

/** TIES on task vectors of which a random share is dropped and the rest rescaled (arXiv 2311.03099). */
export const mergeDareTies: ActionType = {
  name: "merge_dare_ties",
  title: "DARE-TIES merge",
  script: "merge",
  resultVersion: 1,
  slots: unorderedParents,
  settingSchema: z.strictObject({ ...mergeSettingShape }),
  validate,
  parentGroup: (model) => (model.hasDare === true ? null : taskVectorGroup(model)),
  cost: mergeCost,
};
