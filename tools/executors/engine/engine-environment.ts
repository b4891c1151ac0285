import type { JobDevice } from "../executor.ts";
import { jobEnvironment, type JobEnvironmentInput } from "../local/job-environment.ts";

/**
 * The explicit environment of a job on a cluster: that of a local job, but which GPUs it sees is the engine's to say.
 * No job of a cluster reaches a network by Temper's doing.
 */
export function engineEnvironment({
  device,
  ...input
}: Omit<JobEnvironmentInput, "cuda" | "network"> & { device: JobDevice }): Record<string, string> {
  const { CUDA_VISIBLE_DEVICES: hidden = "", ...environment } = jobEnvironment({ ...input, cuda: [], network: false });
  return device.kind === "cpu" ? { ...environment, CUDA_VISIBLE_DEVICES: hidden } : environment;
}
