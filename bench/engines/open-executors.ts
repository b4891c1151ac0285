import { hostname } from "node:os";
import { join } from "node:path";
import { rayExecutorSchema, slurmExecutorSchema } from "#src/config/engine-config.ts";
import type { TestHome } from "#tests/tools/test-home.ts";
import type { ClusterExecutorOptions } from "#tools/executors/engine/create-cluster-executor.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { createRayExecutor } from "#tools/executors/ray/create-ray-executor.ts";
import { createSlurmExecutor } from "#tools/executors/slurm/create-slurm-executor.ts";

/** Executors on a home whose scripts are the tests' fixtures: jobs that do nothing but what the benchmark asks for. */
export class BenchExecutors {
  readonly #shared: ClusterExecutorOptions;
  readonly #opened: Executor[] = [];

  constructor(place: TestHome, root: string) {
    this.#shared = {
      home: place.home,
      python: join(root, ".venv", "bin", "python"),
      store: place.store,
      host: hostname(),
      fixtureScripts: join(root, "tests", "fixtures", "scripts"),
    };
  }

  async local(slots: number): Promise<Executor> {
    const settings = { device: "cpu", cpu_slots: slots } as const;
    return this.#keep(await createLocalExecutor({ ...this.#shared, settings, workerIdleSeconds: 1 }));
  }

  async slurm(environment: Readonly<Record<string, string>>, gpusPerJob: number): Promise<Executor> {
    const settings = slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: gpusPerJob });
    return this.#keep(await createSlurmExecutor({ ...this.#shared, settings, environment: { ...process.env, ...environment } }));
  }

  async ray(address: string): Promise<Executor> {
    return this.#keep(
      await createRayExecutor({ ...this.#shared, settings: rayExecutorSchema.parse({ kind: "ray", gpus_per_job: 0, address }) }),
    );
  }

  async close(): Promise<void> {
    for (const executor of this.#opened.splice(0)) await executor.close();
  }

  #keep(executor: Executor): Executor {
    this.#opened.push(executor);
    return executor;
  }
}
