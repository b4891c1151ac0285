import { z } from "zod";
import { trainingSettingShape } from "./training-setting.ts";

/** Hyper-parameters of Kahneman–Tversky optimisation, by TRL's `KTOConfig` names. */
export const ktoSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(1e-6),
  beta: z.number().positive().default(0.1),
  desirable_weight: z.number().positive().default(1),
  undesirable_weight: z.number().positive().default(1),
});
