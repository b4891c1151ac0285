import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster, ClusterSize } from "./cluster.ts";
import { runScript } from "./run-script.ts";

/** Starts a Slurm of one node (1–2 s), installing it first where it is missing. @throws EngineStartError. */
export async function startSlurm({ cpus, gpus }: ClusterSize): Promise<Cluster> {
  const directory = await mkdtemp(join(tmpdir(), "temper-slurm-"));
  const up = async () => void (await runScript("slurm-up.sh", directory, { CPUS: `${cpus}`, FAKE_GPUS: `${gpus}` }));
  const stop = async () => {
    await runScript("slurm-down.sh", directory);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await up();
  } catch (error) {
    await stop();
    throw error;
  }
  const signalHead = async (signal: "SIGTERM" | "SIGKILL") => {
    const pid = Number(await readFile(join(directory, "run", "slurmctld.pid"), "utf8"));
    process.kill(pid, signal);
    while (await isRunning(pid)) await sleep(20);
  };
  return {
    environment: { SLURM_CONF: join(directory, "etc", "slurm.conf") },
    stopHead: async () => await signalHead("SIGTERM"),
    killHead: async () => await signalHead("SIGKILL"),
    up,
    stop,
  };
}

async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  return stat !== null && !/\) [ZX] /.test(stat);
}
