import { readdir, readFile } from "node:fs/promises";
import { platform } from "node:os";
import { execa } from "execa";
import type { z } from "zod";
import type { claimSchema } from "../../contract/job.ts";

type Claim = z.infer<typeof claimSchema>;

const isLinux = platform() === "linux";

/** The pid in the claim of an attempt that shall never run. */
export const nobody = 0;

/** What /proc/<pid>/stat says of a process. */
interface ProcessStat {
  state: string;
  session: number;
  startTicks: number;
}

async function readStat(pid: number): Promise<ProcessStat | null> {
  const content = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (content === null) return null;
  const fields = content.slice(content.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", session: Number(fields[3]), startTicks: Number(fields[19]) };
}

let boot: Promise<string> | null = null;

/** Tells one boot of this host from the next. On macOS the time of the boot in seconds. */
export function bootId(): Promise<string> {
  boot ??= isLinux ? readFile("/proc/sys/kernel/random/boot_id", "utf8").then((text) => text.trim()) : macBootId();
  return boot;
}

async function macBootId(): Promise<string> {
  const { stdout } = await execa("sysctl", ["-n", "kern.boottime"]);
  return /sec = (\d+)/.exec(stdout)?.[1] ?? "unknown";
}

/** When a process started, in the unit of `claim.json`; 0 when there is none. */
export async function startTicks(pid: number): Promise<number> {
  if (isLinux) return (await readStat(pid))?.startTicks ?? 0;
  const { stdout } = await execa("ps", ["-o", "lstart=", "-p", String(pid)], { reject: false });
  return stdout.trim() === "" ? 0 : Math.floor(Date.parse(stdout) / 1000);
}

/** Whether this very process lives: same boot, same start, and no zombie (`kill(pid, 0)` succeeds on one). */
export async function isAlive(process: Pick<Claim, "boot_id" | "pid" | "start_ticks">): Promise<boolean> {
  if (process.pid === nobody || process.boot_id !== (await bootId())) return false;
  if (!isLinux) return (await startTicks(process.pid)) === process.start_ticks;
  const stat = await readStat(process.pid);
  return stat !== null && stat.startTicks === process.start_ticks && stat.state !== "Z" && stat.state !== "X";
}

/** Sends a signal to this very process; nothing when it has gone. */
export async function signalProcess(process: Pick<Claim, "boot_id" | "pid" | "start_ticks">, name: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (!(await isAlive(process))) return;
  try {
    globalThis.process.kill(process.pid, name);
  } catch {
    // It ended in between.
  }
}

/**
 * Processes that a runner left behind when it was killed: those of its session, and those that ran away from it but
 * still carry the attempt's directory in their environment. Linux only: elsewhere there is no way to tell.
 */
export async function leftovers(claim: Claim, directory: string): Promise<number[]> {
  if (!isLinux || claim.boot_id !== (await bootId())) return [];
  const leader = await readStat(claim.pid);
  // Somebody else's process has the number now, so no process of the old session is left: numbers in use are not given again.
  const isSessionGone = leader !== null && leader.startTicks !== claim.start_ticks;
  const marker = `TEMPER_ATTEMPT=${directory}\0`;
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === claim.pid) continue;
    const stat = await readStat(pid);
    if (stat === null || stat.state === "Z" || stat.state === "X") continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    if ((claim.pid !== nobody && stat.session === claim.pid && !isSessionGone) || `${environment}\0`.includes(marker)) found.push(pid);
  }
  return found;
}
