import { hostname } from "node:os";
import type { RunConfig } from "#src/config/run-config.ts";
import type { Executor } from "#tools/executors/executor.ts";
import type { OpenedHome } from "./home.ts";
import { venvPython } from "./project.ts";

/** The executor that a config asks for. The caller closes it. */
export async function openExecutor({ store, home }: OpenedHome, config: RunConfig): Promise<Executor> {
  const { executor } = config;
  if (executor.kind === "scripted") {
    const { createScriptedExecutor } = await import("#tools/executors/scripted/create-scripted-executor.ts");
    const { readBehaviour } = await import("#tools/executors/scripted/behaviour.ts");
    return createScriptedExecutor(executor.script === undefined ? {} : { behaviour: await readBehaviour(executor.script) });
  }
  const shared = { home, python: venvPython, store, host: hostname() };
  if (executor.kind === "slurm") {
    const { createSlurmExecutor } = await import("#tools/executors/slurm/create-slurm-executor.ts");
    return await createSlurmExecutor({ ...shared, settings: executor });
  }
  if (executor.kind === "ray") {
    const { createRayExecutor } = await import("#tools/executors/ray/create-ray-executor.ts");
    return await createRayExecutor({ ...shared, settings: executor });
  }
  const { createLocalExecutor } = await import("#tools/executors/local/create-local-executor.ts");
  return createLocalExecutor({ ...shared, settings: executor });
}
