import type { SlurmSettings } from "#src/config/engine-config.ts";
import { createClusterExecutor, type ClusterExecutorOptions } from "../engine/create-cluster-executor.ts";
import type { Executor } from "../executor.ts";
import { createSlurmEngine } from "./create-slurm-engine.ts";

/** Runs attempts by sbatch, squeue and scancel. The home and this checkout must lie on a file system that the nodes share. */
export async function createSlurmExecutor(options: ClusterExecutorOptions & { settings: SlurmSettings }): Promise<Executor> {
  return await createClusterExecutor(options, createSlurmEngine(options.settings, options.environment ?? process.env));
}
