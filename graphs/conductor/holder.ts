import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { randomUUID } from "node:crypto";

/** Who holds a lease: one conductor of one process. `host/boot/pid/start ticks/own part`. */
export type Holder = string;

/** A new holder of this process. The own part tells two conductors of one process apart. */
export function createHolder(own: string = randomUUID().slice(0, 8)): Holder {
  return [hostname(), bootId(), process.pid, startTicks(process.pid) ?? 0, own].join("/");
}

/**
 * True when the holder can be proved to be gone: a process of this host that no longer lives, or a boot that is
 * over. A holder on another host is never proved gone; its lease runs out.
 */
export function isHolderGone(holder: Holder): boolean {
  const [host, boot, pid, ticks] = holder.split("/");
  if (host !== hostname() || pid === undefined || !/^\d+$/.test(pid)) return false;
  if (boot !== bootId()) return true;
  if (Number(ticks) === 0) return !canSignal(Number(pid));
  return startTicks(Number(pid)) !== Number(ticks);
}

/** Empty where the system has no boot id (macOS): there a process is told by its pid alone. */
function bootId(): string {
  return readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
}

/** Field 22 of `/proc/<pid>/stat`; null for a process that is gone or a zombie, and where there is no /proc. */
function startTicks(pid: number): number | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field, the command, is in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? null : Number(fields[19]);
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
