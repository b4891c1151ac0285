import { z } from "zod";
import { actionTypeNames } from "#src/action/action.ts";

/** First call of the selector: which action type. OpenAI's strict mode wants every key present: nullable, never optional. */
export const typeAnswerSchema = z.strictObject({
  reason: z.string(),
  action_type: z.enum(actionTypeNames),
});

/** Second call: all objects at once, either a listed candidate or objects of its own choice. */
export const objectsAnswerSchema = z.strictObject({
  reason: z.string(),
  /** Id of a listed candidate, such as `c3`, or null to name the objects. */
  candidate: z.string().nullable(),
  models: z.array(z.string()),
  datasets: z.array(z.string()),
  /** Id of a listed setting, such as `s1`; null when a candidate is taken. */
  setting: z.string().nullable(),
});
export type ObjectsAnswer = z.infer<typeof objectsAnswerSchema>;
