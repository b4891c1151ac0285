import { z } from "zod";
import { mixtureTemperature } from "#src/action/mixture-temperature.ts";
import { sftSettingSchema } from "#src/action/types/sft.ts";
import { datasetRefSchema, fidelitySchema, modelMetricsSchema, modelRefSchema, replySchema, requestSchema } from "./common.ts";

/** Supervised fine-tuning with TRL's `SFTTrainer`: loss on completions (or assistant turns) only. A mixture's temperature stands in its datasets' weights. */
export const sftRequestSchema = requestSchema(
  z.strictObject({ model: modelRefSchema, datasets: z.array(datasetRefSchema).min(1), fidelity: fidelitySchema }),
  sftSettingSchema.omit({ [mixtureTemperature]: true }),
);
export const sftReplySchema = replySchema(modelMetricsSchema);
