import { z } from "zod";
import { trainingSettingShape } from "./training-setting.ts";

/** Hyper-parameters of odds-ratio preference optimisation, by TRL's `ORPOConfig` names. */
export const orpoSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(1e-6),
  /** Weight of the odds-ratio term (the paper calls it λ). */
  beta: z.number().positive().default(0.1),
});
