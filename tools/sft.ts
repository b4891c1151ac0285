import { createJobTool } from "./create-job-tool.ts";
import type { JobContext } from "./job-context.ts";

/** The tool `sft`: fine-tunes a model on demonstrations and evaluates what comes out. */
export function createSftTool(context: JobContext) {
  return createJobTool(context, {
    name: "sft",
    description: "Fine-tunes a model on demonstrations and evaluates what comes out.",
    scripts: ["sft", "evaluate"],
  });
}
