import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Job } from "#src/store/store.ts";

/** What can be killed of a run. */
export const victimKinds = ["conductor", "worker", "runner", "script"] as const;
export type VictimKind = (typeof victimKinds)[number];

/** The warm worker of a home; null while there is none. */
export async function findWorker(home: string): Promise<number | null> {
  return readPid(join(home, "worker", "worker.json"));
}

/** The runner of an attempt; null before it was claimed and after it ended. */
export async function findRunner(job: Pick<Job, "directory">): Promise<number | null> {
  return readPid(join(job.directory, "claim.json"));
}

/** The script that a runner has started; null between two of them. */
export async function findScript(runner: number): Promise<number | null> {
  for (const name of await readdir("/proc")) {
    const pid = Number(name);
    if (Number.isInteger(pid) && (await parentOf(pid)) === runner) return pid;
  }
  return null;
}

async function readPid(file: string): Promise<number | null> {
  const content = await readFile(file, "utf8").catch(() => null);
  const pid = content === null ? null : Number(/"pid": ?(\d+)/.exec(content)?.[1]);
  return pid !== null && (await parentOf(pid)) !== null ? pid : null;
}

/** Parent of a process that lives; null for one that is gone or a zombie. */
async function parentOf(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields === undefined || fields[0] === "Z" ? null : Number(fields[1]);
}
