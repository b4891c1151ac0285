import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import type { Job } from "#src/store/store.ts";
import { contractVersion } from "../contract/common.ts";
import type { JobRequest } from "../contract/job.ts";
import { contractSchemas } from "../contract/schemas.ts";
import type { Attempt, JobDevice } from "../executors/executor.ts";
import type { JobSpecStep } from "../job-spec.ts";
import type { Limits } from "./job-limits.ts";
import { modelDirectory, stepDirectory, writeWhole } from "./attempt-files.ts";

/** Everything that goes into an attempt's directory before it is submitted. */
export interface AttemptFiles {
  home: string;
  job: Pick<Job, "attempt" | "key" | "directory">;
  steps: readonly JobSpecStep[];
  device: JobDevice;
  limits: Limits;
  resumeFrom: string | null;
}

/**
 * Writes the requests of an attempt, the job's own last: a directory with `request.json` is complete.
 * Each is checked against its schema first, so that a bad setting fails here and not in a queue.
 */
export async function writeAttempt({ home, job, steps, device, limits, resumeFrom }: AttemptFiles): Promise<Attempt> {
  const shared: Pick<JobRequest, "schema_version" | "attempt" | "device" | "limits"> = {
    schema_version: contractVersion,
    attempt: job.attempt,
    device: { kind: device.kind, indices: Array.from({ length: device.perJob }, (_, index) => index) },
    limits,
  };
  const request: JobRequest = { ...shared, key: job.key, steps: [], resume_from: resumeFrom };
  for (const step of steps) {
    const directory = stepDirectory(job.directory, step.name);
    const { key, seed, inputs, settings } = step;
    const stepRequest = { ...shared, key, seed, inputs: absoluteModels(inputs, home), settings, output_dir: join(directory, "output") };
    const checked = contractSchemas[`${step.script}.request`].parse(stepRequest);
    await mkdir(directory, { recursive: true });
    await writeWhole(join(directory, "request.json"), checked);
    const publish_to = step.publish ? modelDirectory(home, key) : null;
    request.steps.push({ name: step.name, script: step.script, directory, publish_to });
  }
  await writeWhole(join(job.directory, "request.json"), request);
  return { id: job.attempt, directory: job.directory, request };
}

const modelSchema = z.object({ key: z.string(), path: z.string(), adapters: z.array(z.string()) });

/** Model paths may be relative to the home, so that specs say nothing of the machine; scripts get absolute ones. */
function absoluteModels(inputs: JobSpecStep["inputs"], home: string): JobSpecStep["inputs"] {
  const absolute = (value: unknown) => {
    const model = modelSchema.safeParse(value);
    if (!model.success) return value;
    const { key, path, adapters } = model.data;
    return { key, path: resolve(home, path), adapters: adapters.map((adapter) => resolve(home, adapter)) };
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, Array.isArray(value) ? value.map(absolute) : absolute(value)]),
  );
}
