import type { RaySettings } from "#src/config/engine-config.ts";
import { rayDemand, readRayNodes, whyInfeasible } from "../executors/ray/ray-nodes.ts";
import { broken, type Finding, note, ok } from "./finding.ts";

/** Whether Ray's dashboard answers and a node has what a job asks for. @throws EnvironmentError. */
export async function checkRay(settings: RaySettings, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const nodes = await readRayNodes(settings.address, environment["RAY_AUTH_TOKEN"]);
  const total = (name: string) => nodes.reduce((sum, { resources }) => sum + (resources[name] ?? 0), 0);
  const found = ok("Ray", `${nodes.length} nodes at ${settings.address} with ${total("CPU")} CPUs and ${total("GPU")} GPUs`);
  const why = whyInfeasible(rayDemand(settings), nodes);
  if (why === null) return [found];
  if (settings.autoscaling) return [found, note("resources", `${why} Jobs wait for a node that the autoscaler adds.`)];
  return [found, broken("resources", why, "Change the executor section as the line says.")];
}
