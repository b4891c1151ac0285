import type { RaySettings } from "#src/config/engine-config.ts";
import { createClusterExecutor, type ClusterExecutorOptions } from "../engine/create-cluster-executor.ts";
import type { Executor } from "../executor.ts";
import { createRayEngine } from "./create-ray-engine.ts";

/** Runs attempts by Ray's Jobs API. The home and this checkout must lie on a file system that the nodes share. */
export async function createRayExecutor(options: ClusterExecutorOptions & { settings: RaySettings }): Promise<Executor> {
  return await createClusterExecutor(options, createRayEngine(options.settings, options.environment ?? process.env));
}
