import { z } from "zod";
import { dpoSettingSchema } from "#src/action/types/dpo.ts";
import { ktoSettingSchema } from "#src/action/types/kto.ts";
import { orpoSettingSchema } from "#src/action/types/orpo.ts";
import { datasetRefSchema, fidelitySchema, modelMetricsSchema, modelRefSchema, replySchema, requestSchema } from "./common.ts";

/** Preference learning with TRL's DPO, KTO and ORPO trainers; `method` selects. */
export const preferenceRequestSchema = requestSchema(
  z.strictObject({ model: modelRefSchema, dataset: datasetRefSchema, fidelity: fidelitySchema }),
  z.discriminatedUnion("method", [
    dpoSettingSchema.extend({ method: z.literal("dpo") }),
    ktoSettingSchema.extend({ method: z.literal("kto") }),
    orpoSettingSchema.extend({ method: z.literal("orpo") }),
  ]),
);
export const preferenceReplySchema = replySchema(modelMetricsSchema);
