import { z } from "zod";

/** The planner's answer. `stop` is not offered: ending a run early is for the rules and for people. */
export const planAnswerSchema = z.strictObject({
  phase: z.enum(["explore", "exploit", "combine", "confirm"]),
  /** One or two sentences, citing trial numbers. */
  focus: z.string(),
  /** Task ids that matter most now; empty for all. */
  tasks: z.array(z.string()),
});
