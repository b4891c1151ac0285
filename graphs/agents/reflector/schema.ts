import { z } from "zod";

/** The reflector's answer: the two halves of the paper's Fig. 2, and what the last trial taught. */
export const memoryAnswerSchema = z.strictObject({
  experience: z.string(),
  directions: z.string(),
  lesson: z.string(),
});
