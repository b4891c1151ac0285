import { z } from "zod";
import type { ActionType } from "../action-type.ts";
import { mixtureTemperature } from "../mixture-temperature.ts";
import { trainingSettingShape } from "./training-setting.ts";
import { trainingCost, trainingSlots } from "./training.ts";

/** Hyper-parameters of supervised fine-tuning, by TRL's `SFTConfig` names. */
export const sftSettingSchema = z.strictObject({
  ...trainingSettingShape,
  learning_rate: trainingSettingShape.learning_rate.default(2e-5),
  /** How a mixture's datasets are weighted: one of n rows counts n^(1/T); 1 = as many as there are. Not set = 1. */
  [mixtureTemperature]: z.number().min(1).exactOptional(),
});

/** Supervised fine-tuning. The slot takes a mixture of datasets: baselines use all at once, the search space up to `mixture_datasets`. */
export const sft: ActionType = {
  name: "sft",
  title: "Supervised fine-tuning",
  script: "sft",
  resultVersion: 1,
  slots: trainingSlots(["messages", "prompt_completion"], 64),
  settingSchema: sftSettingSchema,
  validate: () => ({ valid: true }),
  cost: trainingCost,
};
