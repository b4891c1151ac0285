import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { trainingSettingShape } from "./training-setting.ts";
import { trainingCost, trainingSlots } from "./training.ts";

/** Hyper-parameters of odds-ratio preference optimisation, by TRL's `ORPOConfig` names. */
export const orpoSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(1e-6),
  /** Weight of the odds-ratio term (the paper calls it λ). */
  beta: z.number().positive().default(0.1),
});

/** Odds-ratio preference optimisation: SFT on the chosen answer and a push away from the rejected one, without a reference model. */
export const orpo: ActionType = {
  name: "orpo",
  title: "Odds-ratio preference optimisation",
  script: "preference",
  resultVersion: 1,
  slots: trainingSlots(["preference"], 1),
  settingSchema: orpoSettingSchema,
  validate: () => ({ valid: true }),
  cost: trainingCost,
};
