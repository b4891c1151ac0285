import { createHash } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { RaySettings } from "#src/config/engine-config.ts";
import { parseContract } from "../../jobs/attempt-files.ts";
import { EngineUnreachableError } from "../engine/engine-unreachable-error.ts";
import type { Engine, EngineJob, JobStart, Place, Submission } from "../engine/engine.ts";
import { rayDemand, readRayNodes, whyInfeasible } from "./ray-nodes.ts";
import { rayJobSchema, readRayState } from "./ray-state.ts";
import { type RayQuestion, requestRay } from "./request-ray.ts";

/** How long the list of nodes is good for. */
const nodesMs = 5000;
/** Nodes join one by one when a head starts again: what no node has for so long, none will have. */
const joiningMs = 30_000;

/** Ray's id of an attempt's job: the same attempt id in another home is another job. */
export function submissionId({ id, directory }: Place): string {
  return `${id}-${createHash("sha256").update(directory).digest("hex").slice(0, 8)}`;
}

/**
 * Ray, by its Jobs API. Ray accepts a job that no node can ever run, lets it wait for ever and does not even end it
 * when asked to: so what a job asks for is compared with the nodes before it is submitted, and again while it waits.
 * @param environment Of this process: RAY_AUTH_TOKEN, where the cluster wants one.
 */
export function createRayEngine(
  settings: RaySettings,
  environment: NodeJS.ProcessEnv,
  { waitForNodesMs = joiningMs }: { waitForNodesMs?: number } = {},
): Engine {
  const token = environment["RAY_AUTH_TOKEN"];
  const demand = rayDemand(settings);
  let looked: { why: Promise<string | null>; at: number } | null = null;
  let infeasibleSince: number | null = null;
  const ask = async (question: RayQuestion) => await requestRay(settings.address, question, token);

  async function whyInfeasibleNow(): Promise<string | null> {
    if (settings.autoscaling) return null;
    if (looked === null || performance.now() - looked.at > nodesMs) {
      const why = readRayNodes(settings.address, token).then((nodes) => whyInfeasible(demand, nodes));
      looked = { why, at: performance.now() };
      why.catch(() => (looked = null));
    }
    const why = await looked.why;
    infeasibleSince = why === null ? null : (infeasibleSince ?? performance.now());
    return why;
  }

  const isInfeasibleForLong = () => infeasibleSince !== null && performance.now() - infeasibleSince >= waitForNodesMs;

  async function submit(start: JobStart): Promise<Submission> {
    const why = await whyInfeasibleNow();
    if (why !== null && isInfeasibleForLong()) return { kind: "rejected", why };
    if (why !== null) throw new EngineUnreachableError(`Ray has no node for it yet: ${why}`);
    const id = submissionId(start);
    const { entrypoint_num_cpus, entrypoint_memory, entrypoint_resources, gpus_per_job, runtime_env } = settings;
    const body = {
      entrypoint: `exec /bin/bash '${start.script.replaceAll("'", String.raw`'\''`)}'`,
      submission_id: id,
      entrypoint_num_cpus,
      entrypoint_num_gpus: gpus_per_job,
      ...(entrypoint_memory === undefined ? {} : { entrypoint_memory }),
      ...(Object.keys(entrypoint_resources).length === 0 ? {} : { entrypoint_resources }),
      ...(Object.keys(runtime_env).length === 0 ? {} : { runtime_env }),
      metadata: { temper_attempt: start.id, temper_directory: start.directory },
    };
    const answer = await ask({ method: "POST", path: "/api/jobs/", body });
    if (answer.status === 200 || answer.body.includes("already exists")) return { kind: "accepted", job: id };
    if (answer.status >= 500)
      throw new EngineUnreachableError(`Ray failed to take the job (HTTP ${answer.status}): ${lastLine(answer.body)}`);
    return { kind: "rejected", why: `Ray refused it (HTTP ${answer.status}): ${lastLine(answer.body)}` };
  }

  async function find(place: Place): Promise<EngineJob | null> {
    const id = submissionId(place);
    const path = `/api/jobs/${id}`;
    const { status, body } = await ask({ method: "GET", path });
    if (status === 404) return null;
    if (status !== 200) throw new EngineUnreachableError(`Ray does not tell of its job ${id} (HTTP ${status}): ${lastLine(body)}`);
    const job = readRayState(id, parseContract(Buffer.from(body), rayJobSchema, `${settings.address}${path}`));
    const why = job.state === "queued" ? await whyInfeasibleNow() : null;
    return why !== null && isInfeasibleForLong() ? { state: "stuck", detail: `Ray job ${id} waits in vain: ${why}` } : job;
  }

  return {
    kind: "ray",
    title: "Ray",
    // It knows a submission id for good.
    takesAgain: false,
    submit,
    list: async (places) => {
      const found = await Promise.all(places.map(async (place) => [place.id, await find(place)] as const));
      return new Map(found.flatMap(([id, job]) => (job === null ? [] : [[id, job]])));
    },
    // Ray's own processes watch the entrypoint; a head that died forgets its jobs.
    liveBelow: async () => [],
    end: async (place) => {
      // Anything but 200 says that there is nothing to stop.
      await ask({ method: "POST", path: `/api/jobs/${submissionId(place)}/stop` });
    },
    close: () => {},
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 400) ?? "";
}
