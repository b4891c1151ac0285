import { tool } from "langchain";
import { z } from "zod";
import { UserInputError } from "#src/errors.ts";
import type { JobContext } from "./job-context.ts";
import { type JobOutcome, type JobSpec, jobSpecSchema } from "./job-spec.ts";
import { runJob } from "./run-job.ts";

/** Scripts that a tool may start, and what it says of itself. */
interface JobToolDescription {
  name: string;
  description: string;
  scripts: readonly JobSpec["steps"][number]["script"][];
}

/**
 * A LangChain tool that runs one kind of job, called by the graph's nodes and never bound to a chat model: what it
 * starts costs money, and admission decides that. It answers with the `JobOutcome`.
 */
export function createJobTool(context: JobContext, { name, description, scripts }: JobToolDescription) {
  return tool(
    async ({ spec }: { spec: JobSpec }, config): Promise<JobOutcome> => {
      const other = spec.steps.find((step) => !scripts.includes(step.script));
      if (other !== undefined) {
        throw new UserInputError(`The tool ${name} runs ${scripts.join(" and ")}; this job holds a step of ${other.script}.`);
      }
      return await runJob(context, spec, config?.signal);
    },
    { name, description, schema: z.object({ spec: jobSpecSchema }) },
  );
}
