import { readFileSync } from "node:fs";

/** Cores that this process may use; empty where the system does not say (macOS). */
export function allowedCpus(status: string = readStatus()): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  if (list === undefined) return [];
  return list.split(",").flatMap((range) => {
    const [first = 0, last = first] = range.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function readStatus(): string {
  try {
    return readFileSync("/proc/self/status", "utf8");
  } catch {
    return "";
  }
}

/**
 * The cores of some device slots: each slot has an equal, contiguous part, so that jobs beside each other share no core
 * and stay near their memory. Empty = the job may use all: where a slot would have less than two cores, fixing it to one
 * that another program uses costs more than it brings.
 */
export function cpusOfSlots(slots: readonly number[], slotCount: number, cpus: readonly number[], wanted?: boolean): number[] {
  const each = Math.floor(cpus.length / Math.max(1, slotCount));
  if (wanted === false || each < 1 || (wanted === undefined && each < 2)) return [];
  return slots.flatMap((slot) => cpus.slice(slot * each, (slot + 1) * each));
}
