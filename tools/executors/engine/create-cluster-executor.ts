import { join, resolve } from "node:path";
import type { RaySettings, SlurmSettings } from "#src/config/engine-config.ts";
import type { Store } from "#src/store/store.ts";
import type { Attempt, Executor, JobDevice } from "../executor.ts";
import { createLocalExecutor } from "../local/create-local-executor.ts";
import { createEngineExecutor, type EnginePatience } from "./create-engine-executor.ts";
import type { Engine } from "./engine.ts";
import { engineEnvironment } from "./engine-environment.ts";
import { writeJobScript } from "./job-script.ts";

/** What an executor on a cluster stands on, whichever its engine. */
export interface ClusterExecutorOptions {
  home: string;
  /** Python of this checkout, for fetches on this host and for jobs when the settings name no other. */
  python: string;
  store: Store;
  host: string;
  /** The environment of this process, of which jobs get a short list. */
  environment?: NodeJS.ProcessEnv;
  /** Folder of scripts that stand in for the real ones, in tests. */
  fixtureScripts?: string;
  patience?: Partial<EnginePatience>;
}

/** The devices of a job on a cluster. */
export function clusterDevice({ gpus_per_job: gpus }: { gpus_per_job: number }): JobDevice {
  return gpus > 0 ? { kind: "cuda", perJob: gpus } : { kind: "cpu", perJob: 1 };
}

/** Puts an engine behind the executor protocol: the same runner in the same kind of directory as everywhere. */
export async function createClusterExecutor(
  options: ClusterExecutorOptions & { settings: SlurmSettings | RaySettings },
  engine: Engine,
): Promise<Executor> {
  const { host, settings, fixtureScripts, environment: own = process.env } = options;
  const home = resolve(options.home);
  const python = settings.python ?? options.python;
  const device = clusterDevice(settings);
  const environment = engineEnvironment({ home, python, device, fixtureScripts, own });
  const { prolog, container } = settings;
  const writeScript = async (attempt: Attempt) =>
    await writeJobScript({ attempt, environment, python, module: "temper_gpu.runner", prolog, container });
  const local = await createLocalExecutor({
    ...options,
    home,
    environment: own,
    settings: { device: "cpu", warm_worker: false },
  });
  return createEngineExecutor({
    engine,
    device,
    host,
    directory: join(home, "jobs"),
    local,
    writeScript,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
}
