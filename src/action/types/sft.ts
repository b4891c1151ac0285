import { z } from "zod";
import { trainingSettingShape } from "./training-setting.ts";

/** Hyper-parameters of supervised fine-tuning, by TRL's `SFTConfig` names. */
export const sftSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(2e-5),
});
