import { createJobTool } from "./create-job-tool.ts";
import type { JobContext } from "./job-context.ts";

/** The tool `evaluate`: evaluates a model on one split of the run's tasks. */
export function createEvaluateTool(context: JobContext) {
  return createJobTool(context, {
    name: "evaluate",
    description: "Evaluates a model on one split of the run's tasks.",
    scripts: ["evaluate"],
  });
}
