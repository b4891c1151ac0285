import { z } from "zod";
import type { RaySettings } from "#src/config/engine-config.ts";
import { parseContract } from "../../jobs/attempt-files.ts";
import { EngineUnreachableError } from "../engine/engine-unreachable-error.ts";
import { requestRay } from "./request-ray.ts";

const nodesSchema = z.object({
  data: z.object({
    result: z.object({
      result: z.array(z.object({ node_ip: z.string(), state: z.string(), resources_total: z.record(z.string(), z.number()).nullable() })),
    }),
  }),
});

/** A live node and all that it has, free or not. */
export interface RayNode {
  address: string;
  resources: Readonly<Record<string, number>>;
}

/** The live nodes of a cluster. @throws EngineUnreachableError. */
export async function readRayNodes(address: string, token?: string): Promise<RayNode[]> {
  const path = "/api/v0/nodes?detail=1&limit=10000";
  const { status, body } = await requestRay(address, { method: "GET", path }, token);
  if (status !== 200) throw new EngineUnreachableError(`Ray does not list its nodes at ${address} (HTTP ${status}): ${body.slice(0, 300)}`);
  const { data } = parseContract(Buffer.from(body), nodesSchema, `${address}${path}`);
  return data.result.result
    .filter(({ state }) => state === "ALIVE")
    .map(({ node_ip, resources_total }) => ({ address: node_ip, resources: resources_total ?? {} }));
}

/** What a job asks of one node, by Ray's names. */
export function rayDemand(settings: RaySettings): Record<string, number> {
  const { gpus_per_job: gpus, entrypoint_num_cpus: cpus, entrypoint_memory: memory, entrypoint_resources: custom } = settings;
  return { CPU: cpus, ...(gpus > 0 ? { GPU: gpus } : {}), ...(memory === undefined ? {} : { memory }), ...custom };
}

/** Why no node can ever run the job; null when one can. A job runs on a single node. */
export function whyInfeasible(demand: Readonly<Record<string, number>>, nodes: readonly RayNode[]): string | null {
  if (nodes.some(({ resources }) => Object.entries(demand).every(([name, amount]) => (resources[name] ?? 0) >= amount))) return null;
  const asked = Object.entries(demand).map(([name, amount]) => `${amount} ${name}`);
  const most = Object.keys(demand).map((name) => `${Math.max(0, ...nodes.map(({ resources }) => resources[name] ?? 0))} ${name}`);
  const nodesThere = `${nodes.length} node${nodes.length === 1 ? "" : "s"}`;
  return (
    `no node of the Ray cluster has what a job asks for (${asked.join(", ")}); of ${nodesThere} the largest have ${most.join(", ")}. ` +
    "Ask for less (gpus_per_job, entrypoint_…), or set executor.autoscaling where nodes come when they are asked for."
  );
}
