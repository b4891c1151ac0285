import { z } from "zod";
import { type Action, actionTypeNames } from "./action.ts";

const settingValueSchema = z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.number())]);
const shareSchema = z.number().gt(0).lte(1);

/** An action as it stands in files. */
export const actionSchema: z.ZodType<Action> = z.strictObject({
  type: z.enum(actionTypeNames),
  models: z.array(z.string()),
  datasets: z.array(z.string()),
  setting: z.record(z.string(), settingValueSchema),
  seed: z.int(),
  fidelity: z.strictObject({ data: shareSchema, steps: shareSchema }),
});
