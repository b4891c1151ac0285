import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cluster, ClusterSize } from "./cluster.ts";
import { runScript } from "./run-script.ts";

/** A cluster with the address of its dashboard. */
export interface RayCluster extends Cluster {
  address: string;
}

/** Starts a Ray of one node (15–25 s), installing it first where it is missing. @throws EngineStartError. */
export async function startRay({ cpus, gpus }: ClusterSize): Promise<RayCluster> {
  const directory = await mkdtemp(join(tmpdir(), "tray-"));
  const up = async () => await runScript("ray-up.sh", directory, { CPUS: `${cpus}`, FAKE_GPUS: `${gpus}` });
  const killHead = async () => void (await runScript("ray-down.sh", directory));
  const stop = async () => {
    await killHead();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    return { address: await up(), environment: {}, stopHead: killHead, killHead, up: async () => void (await up()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
