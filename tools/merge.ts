import { createJobTool } from "./create-job-tool.ts";
import type { JobContext } from "./job-context.ts";

/** The tool `merge`: merges models and evaluates what comes out. */
export function createMergeTool(context: JobContext) {
  return createJobTool(context, {
    name: "merge",
    description: "Merges models and evaluates what comes out.",
    scripts: ["merge", "evaluate"],
  });
}
