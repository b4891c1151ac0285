import { randomUUID } from "node:crypto";
import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { engineEnvironment } from "../executors/engine/engine-environment.ts";
import { clusterDevice } from "../executors/engine/create-cluster-executor.ts";
import { EngineUnreachableError } from "../executors/engine/engine-unreachable-error.ts";
import type { Engine, EngineJob, Place } from "../executors/engine/engine.ts";
import { writeJobScript } from "../executors/engine/job-script.ts";
import { readLog } from "../executors/read-log.ts";
import { parseContract, readIfThere } from "../jobs/attempt-files.ts";
import type { EnginePlace } from "./check-engine.ts";

const pollMs = 200;
/** After its end a job's file may take this long to be seen from another host. */
const lateMs = 65_000;

const probeSchema = z.strictObject({
  host: z.string(),
  python: z.string(),
  torch: z.string().nullable(),
  gpus: z.array(z.string()),
  visible: z.string().nullable(),
  problem: z.string().nullable(),
});

/** What a job found where the engine started it. */
export type Probe = z.infer<typeof probeSchema>;

/** How the probe went. `silent` = it ran and its file cannot be seen here; `waiting` = it had not started in time. */
export type ProbeEnd =
  | { kind: "found"; probe: Probe; seconds: number }
  | { kind: "rejected" | "waiting"; detail: string }
  | { kind: "silent"; detail: string; log: string };

/** Submits a job that looks around, in the very way that jobs take, and waits for what it found. Leaves nothing behind. */
export async function runProbe(engine: Engine, place: EnginePlace): Promise<ProbeEnd> {
  const id = `doctor-${randomUUID().slice(0, 8)}-1`;
  const probe: Place = { id, directory: join(place.home, "jobs", id) };
  await mkdir(probe.directory, { recursive: true });
  try {
    return await submitAndWait(engine, place, probe);
  } finally {
    await engine.end(probe).catch(() => {});
    await rm(probe.directory, { recursive: true, force: true });
    // The folder of a home that has none yet.
    await rmdir(join(place.home, "jobs")).catch(() => {});
  }
}

async function submitAndWait(engine: Engine, place: EnginePlace, probe: Place): Promise<ProbeEnd> {
  const { settings, home, environment: own } = place;
  const python = settings.python ?? place.python;
  const environment = engineEnvironment({ home, python, device: clusterDevice(settings), fixtureScripts: undefined, own });
  const { prolog, container } = settings;
  const script = await writeJobScript({ attempt: probe, environment, python, module: "temper_gpu.probe", prolog, container });
  const began = performance.now();
  const submission = await engine.submit({ ...probe, script, wallSeconds: place.waitSeconds });
  if (submission.kind === "rejected") return { kind: "rejected", detail: submission.why };
  const file = join(probe.directory, "probe.json");
  let overSince: number | null = null;
  for (;;) {
    const content = await readIfThere(file);
    if (content !== null) {
      return { kind: "found", probe: parseContract(content, probeSchema, file), seconds: (performance.now() - began) / 1000 };
    }
    const job = await stateOf(engine, probe);
    if (job?.state === "stuck") return { kind: "rejected", detail: job.detail };
    const isOver = job !== null && job.state !== "queued" && job.state !== "running";
    if (isOver) overSince ??= performance.now();
    const log = (await readLog(probe.directory, 0)).text.trim();
    const detail = job?.detail ?? `${engine.title} does not know the job`;
    if (overSince !== null && (log !== "" || performance.now() - overSince > lateMs)) return { kind: "silent", detail, log };
    if (performance.now() - began > place.waitSeconds * 1000) {
      return job?.state === "running" ? { kind: "silent", detail, log } : { kind: "waiting", detail };
    }
    await sleep(pollMs);
  }
}

async function stateOf(engine: Engine, probe: Place): Promise<EngineJob | null> {
  try {
    return (await engine.list([probe])).get(probe.id) ?? null;
  } catch (error) {
    if (error instanceof EngineUnreachableError) return null;
    throw error;
  }
}
