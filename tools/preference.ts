import { createJobTool } from "./create-job-tool.ts";
import type { JobContext } from "./job-context.ts";

/** The tool `preference`: trains a model on preferences (DPO, KTO or ORPO) and evaluates what comes out. */
export function createPreferenceTool(context: JobContext) {
  return createJobTool(context, {
    name: "preference",
    description: "Trains a model on preferences (DPO, KTO or ORPO) and evaluates what comes out.",
    scripts: ["preference", "evaluate"],
  });
}
