import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { trainingSettingShape } from "./training-setting.ts";
import { trainingCost, trainingSlots } from "./training.ts";

/** Hyper-parameters of direct preference optimisation, by TRL's `DPOConfig` names. */
export const dpoSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(1e-6),
  /** Strength of the pull to the reference model. */
  beta: z.number().positive().default(0.1),
  /** Weight of the NLL on the chosen answer (TRL: `loss_type: [sigmoid, sft]`); 0 = plain DPO, which can collapse. */
  sft_weight: z.number().nonnegative().default(0),
});

/** Direct preference optimisation, from pairs of a chosen and a rejected answer. */
export const dpo: ActionType = {
  name: "dpo",
  title: "Direct preference optimisation",
  script: "preference",
  resultVersion: 1,
  slots: trainingSlots(["preference"], 1),
  settingSchema: dpoSettingSchema,
  validate: () => ({ valid: true }),
  cost: trainingCost,
};
