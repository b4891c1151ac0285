import type { RaySettings, SlurmSettings } from "#src/config/engine-config.ts";
import { EnvironmentError } from "#src/errors.ts";
import type { Engine } from "../executors/engine/engine.ts";
import { createRayEngine } from "../executors/ray/create-ray-engine.ts";
import { createSlurmEngine } from "../executors/slurm/create-slurm-engine.ts";
import { checkRay } from "./check-ray.ts";
import { checkSlurm } from "./check-slurm.ts";
import { broken, type Finding, note, ok } from "./finding.ts";
import { type Probe, type ProbeEnd, runProbe } from "./run-probe.ts";

/** What the engine's checks need to know. Paths are absolute. */
export interface EnginePlace {
  home: string;
  /** Python of this checkout. */
  python: string;
  settings: SlurmSettings | RaySettings;
  /** The environment of this process. */
  environment: NodeJS.ProcessEnv;
  /** How long the probe may wait in the queue. */
  waitSeconds: number;
}

/** Looks whether a cluster's scheduler answers and fits the settings, then has it run a probe and explains what became of it. */
export async function checkEngine(place: EnginePlace): Promise<Finding[]> {
  const { settings, environment } = place;
  try {
    const findings = settings.kind === "slurm" ? await checkSlurm(settings, environment) : await checkRay(settings, environment);
    if (findings.some(({ status }) => status === "broken")) return findings;
    const engine: Engine = settings.kind === "slurm" ? createSlurmEngine(settings, environment) : createRayEngine(settings, environment);
    return [...findings, ...explainProbe(place, await runProbe(engine, place))];
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const remedy =
      settings.kind === "slurm"
        ? "Look whether sinfo works in this shell; SLURM_CONF may have to name the cluster's slurm.conf."
        : "Look whether the Ray head runs, and set executor.address to its dashboard (ray start prints it). A port may need a tunnel: ssh -L 8265:localhost:8265 HEAD.";
    return [broken(settings.kind === "slurm" ? "Slurm" : "Ray", error.message, remedy)];
  }
}

function explainProbe(place: EnginePlace, end: ProbeEnd): Finding[] {
  const { home, settings } = place;
  switch (end.kind) {
    case "rejected":
      return [broken("probe", end.detail, "Change the executor section; for CPUs alone set gpus_per_job: 0. Then run this again.")];
    case "waiting":
      return [
        note(
          "probe",
          `had not started after ${place.waitSeconds} s: ${end.detail}`,
          "The cluster may be busy: wait longer with --wait SECONDS, or name another partition or qos.",
        ),
      ];
    case "silent":
      return [broken("probe", describeSilence(end, home), remedyForSilence(end.log, place))];
    case "found":
      return [
        ok("probe", `ran on ${end.probe.host}, ${end.seconds.toFixed(1)} s from its submission to its answer`),
        ...explainNode(end.probe, settings),
      ];
  }
}

function describeSilence({ detail, log }: { detail: string; log: string }, home: string): string {
  return log === "" ? `left nothing in ${home}: ${detail}` : `ended without an answer: ${log.split("\n").at(-1)} (${detail})`;
}

function remedyForSilence(log: string, { python, home, settings }: EnginePlace): string {
  if (log === "") return `The nodes must see ${home} under the same path: put the home on a shared file system (--home).`;
  if (/No such file|not found|No module named/i.test(log)) {
    return `The nodes must see Python and Temper's packages: set executor.python (now ${settings.python ?? python}), or load them in executor.prolog or executor.container.`;
  }
  return "Mend what the line says, in executor.prolog or executor.container where it comes from there.";
}

function explainNode(probe: Probe, settings: EnginePlace["settings"]): Finding[] {
  if (probe.torch === null) {
    const remedy = "Install gpu-scripts/requirements.lock into an environment that the nodes see, and name it by executor.python.";
    return [broken("Python there", `${probe.python}: ${probe.problem}`, remedy)];
  }
  const found = [ok("Python there", `${probe.python} with torch ${probe.torch}`)];
  if (settings.gpus_per_job === 0) return [...found, ok("GPU there", "none asked for: jobs compute on CPUs")];
  const [first] = probe.gpus;
  if (first !== undefined && probe.gpus.length >= settings.gpus_per_job)
    return [...found, ok("GPU there", `${probe.gpus.length} × ${first}`)];
  const visible = probe.visible === null ? "CUDA_VISIBLE_DEVICES is not set" : `CUDA_VISIBLE_DEVICES is "${probe.visible}"`;
  const remedy =
    "Install a CUDA build of torch there that fits the nodes' driver (executor.python), load CUDA in executor.prolog, or give the container its GPUs (apptainer exec --nv).";
  return [
    ...found,
    broken("GPU there", `torch ${probe.torch} can use ${probe.gpus.length} of ${settings.gpus_per_job}; ${visible}`, remedy),
  ];
}
