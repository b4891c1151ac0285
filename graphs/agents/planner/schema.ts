import { z } from "zod";

/** The planner's answer. `stop` and `confirm` are not offered: how a run ends is for the rules and for people. */
export const planAnswerSchema = z.strictObject({
  phase: z.enum(["explore", "exploit", "combine"]),
  /** One or two sentences, citing trial numbers. */
  focus: z.string(),
  /** Task ids that matter most now; empty for all. */
  tasks: z.array(z.string()),
});
