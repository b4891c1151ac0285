import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { delimiter, join } from "node:path";
import { rayExecutorSchema, slurmExecutorSchema } from "#src/config/engine-config.ts";
import type { Store } from "#src/store/store.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { createLocalExecutor } from "#tools/executors/local/create-local-executor.ts";
import { createRayExecutor } from "#tools/executors/ray/create-ray-executor.ts";
import { createSlurmExecutor } from "#tools/executors/slurm/create-slurm-executor.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { startRay } from "#tests/engines/start-ray.ts";
import { startSlurm } from "#tests/engines/start-slurm.ts";
import type { InducedFailure } from "./induced-failures.ts";

interface Place {
  root: string;
  home: string;
  store: Store;
}

/** An engine that failures are induced under. */
export interface TriageEngine {
  name: string;
  /** The failure's behaviour is in the dataset's key for real scripts; the scripted executor is told of it here. */
  open(place: Place, failure: InducedFailure): Promise<Executor>;
  stop(): Promise<void>;
}

const nothing = async () => undefined;
/** A real engine's answer is waited for as long as on one machine it takes. */
const patience = { refreshMs: 200, retryMs: 200, graceMs: 4000, stuckMs: 1000 };

const shared = ({ root, home, store }: Place) => ({
  home,
  store,
  python: join(root, ".venv/bin/python"),
  host: hostname(),
  fixtureScripts: join(root, "tests/fixtures/scripts"),
});

const scripted: TriageEngine = {
  name: "scripted",
  open: async (_, { fault }) =>
    createScriptedExecutor({
      behaviour: { fault: (attempt) => (attempt.request.steps.some((step) => step.script === "sft") ? fault : null) },
    }),
  stop: nothing,
};

const local: TriageEngine = {
  name: "local",
  open: (place) => createLocalExecutor({ ...shared(place), settings: { device: "cpu", cpu_slots: 1, warm_worker: false } }),
  stop: nothing,
};

function has(command: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
}

async function slurm(): Promise<TriageEngine> {
  const cluster = await startSlurm({ cpus: 2, gpus: 1 });
  const settings = slurmExecutorSchema.parse({ kind: "slurm", gpus_per_job: 0 });
  const environment = { ...process.env, ...cluster.environment };
  return { name: "slurm", open: (place) => createSlurmExecutor({ ...shared(place), settings, environment, patience }), stop: cluster.stop };
}

async function ray(): Promise<TriageEngine> {
  const { address, environment: own, stop } = await startRay({ cpus: 2, gpus: 1 });
  const settings = rayExecutorSchema.parse({ kind: "ray", gpus_per_job: 0, address });
  const environment = { ...process.env, ...own };
  return { name: "ray", open: (place) => createRayExecutor({ ...shared(place), settings, environment, patience }), stop };
}

/** The engines that this machine has, each started when it is its turn. The short form takes those that need no start. */
export function engines(smoke: boolean): (() => Promise<TriageEngine>)[] {
  const always = [async () => scripted, async () => local];
  return smoke ? always : [...always, ...(has("sbatch") ? [slurm] : []), ray];
}
