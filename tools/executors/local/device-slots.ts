import { availableParallelism } from "node:os";
import { execa } from "execa";
import { EnvironmentError } from "#src/errors.ts";
import type { Store } from "#src/store/store.ts";
import type { AttemptState, JobDevice } from "../executor.ts";

/** The part of a run's `executor` that says what to compute on. */
export interface DeviceSettings {
  device?: "auto" | "cpu" | "cuda";
  cpu_slots?: number | undefined;
  gpus_per_job?: number;
  pin_cpus?: boolean | undefined;
}

/** What this host computes on: so many slots of one kind. `names` are what CUDA calls them, in order. */
export interface DeviceSlots extends JobDevice {
  names: readonly number[];
}

/** Finds this host's devices. @throws EnvironmentError when GPUs are asked for and there are not enough. */
export async function findDevices(settings: DeviceSettings, own: NodeJS.ProcessEnv): Promise<DeviceSlots> {
  const { device = "auto", gpus_per_job: perJob = 1 } = settings;
  const cuda = device === "cpu" ? [] : await findCuda(own["CUDA_VISIBLE_DEVICES"]);
  if (device === "cuda" && cuda.length < perJob) {
    throw new EnvironmentError(
      `The run asks for ${perJob} GPU${perJob === 1 ? "" : "s"} a job; nvidia-smi finds ${cuda.length}. Use device: cpu, or another host.`,
    );
  }
  if (cuda.length >= perJob && cuda.length > 0) return { kind: "cuda", perJob, names: cuda };
  const count = settings.cpu_slots ?? availableParallelism();
  return { kind: "cpu", perJob: 1, names: Array.from({ length: count }, (_, index) => index) };
}

async function findCuda(visible: string | undefined): Promise<number[]> {
  const { stdout, failed } = await execa("nvidia-smi", ["--query-gpu=index", "--format=csv,noheader"], { reject: false });
  const all = failed ? [] : stdout.split("\n").map(Number).filter(Number.isInteger);
  return visible === undefined
    ? all
    : visible
        .split(",")
        .map(Number)
        .filter((index) => all.includes(index));
}

/**
 * Gives slots back that nobody uses: of attempts that are over, and of those that never ran and whose job is over. A
 * conductor that was killed could not do it.
 */
export async function releaseUnused(store: Store, host: string, stateOf: (attempt: string) => Promise<AttemptState>): Promise<void> {
  const attempts = new Set((await store.devices.held(host)).map(({ attempt }) => attempt));
  for (const attempt of attempts) {
    const state = await stateOf(attempt);
    if (state === "running" || state === "queued") continue;
    const job = state === "unknown" ? await store.jobs.find(attempt) : null;
    if (job?.state !== "created" && job?.state !== "submitted") await store.devices.release(attempt);
  }
}
