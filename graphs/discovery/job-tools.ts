import { createEvaluateTool } from "#tools/evaluate.ts";
import type { JobContext } from "#tools/job-context.ts";
import type { JobOutcome, JobSpec } from "#tools/job-spec.ts";
import { createMergeTool } from "#tools/merge.ts";
import { createPreferenceTool } from "#tools/preference.ts";
import { createSftTool } from "#tools/sft.ts";

/** Runs a job with the tool of its first step. Aborting the signal leaves the job running. */
export type RunJobTool = (spec: JobSpec, signal?: AbortSignal) => Promise<JobOutcome>;

/** The LangChain tools of the scripts, as the graph's nodes call them. They are never bound to a chat model. */
export function createJobTools(jobs: JobContext): RunJobTool {
  const tools = {
    sft: createSftTool(jobs),
    preference: createPreferenceTool(jobs),
    merge: createMergeTool(jobs),
    evaluate: createEvaluateTool(jobs),
  };
  return (spec, signal) => tools[spec.steps[0]?.script ?? "evaluate"].invoke({ spec }, signal === undefined ? {} : { signal });
}
