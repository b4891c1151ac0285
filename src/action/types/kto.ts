import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { trainingSettingShape } from "./training-setting.ts";
import { trainingCost, trainingSlots } from "./training.ts";

/** Hyper-parameters of Kahneman–Tversky optimisation, by TRL's `KTOConfig` names. */
export const ktoSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(1e-6),
  beta: z.number().positive().default(0.1),
  desirable_weight: z.number().positive().default(1),
  undesirable_weight: z.number().positive().default(1),
});

/** Kahneman–Tversky optimisation, from answers marked good or bad; pairs are taken apart by TRL. */
export const kto: ActionType = {
  name: "kto",
  title: "Kahneman–Tversky optimisation",
  script: "preference",
  resultVersion: 1,
  slots: trainingSlots(["unpaired_preference", "preference"], 1),
  settingSchema: ktoSettingSchema,
  validate: () => ({ valid: true }),
  cost: trainingCost,
};
