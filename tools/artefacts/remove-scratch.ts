import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Store } from "#src/store/store.ts";
import { measureHome } from "../jobs/measure-home.ts";

/** What an attempt may leave that is neither its record nor its reply. */
const scratch = ["work", "output"];

/**
 * Removes what ended attempts left behind and nobody goes on from: checkpoints of trials that are over, output that was
 * never published. Requests, replies, logs and exit records stay.
 * @returns bytes by attempt.
 */
export async function removeScratch(
  { store, home }: { store: Store; home: string },
  { dryRun }: { dryRun: boolean },
): Promise<Map<string, number>> {
  const freed = new Map<string, number>();
  for (const attempt of await readdir(join(home, "jobs")).catch(() => [])) {
    if (!(await isOver(store, attempt))) continue;
    const steps = join(home, "jobs", attempt, "steps");
    for (const step of await readdir(steps).catch(() => [])) {
      for (const name of scratch) {
        const folder = join(steps, step, name);
        const bytes = await measureHome(folder);
        if (bytes === 0) continue;
        freed.set(attempt, (freed.get(attempt) ?? 0) + bytes);
        if (!dryRun) await rm(folder, { recursive: true, force: true });
      }
    }
  }
  return freed;
}

/** True when no later attempt can go on from this one. An attempt that the database does not know is left alone. */
async function isOver(store: Store, attempt: string): Promise<boolean> {
  const job = await store.jobs.find(attempt);
  if (job === null || job.state === "created" || job.state === "submitted") return false;
  const trial = job.trial === null ? null : await store.trials.find(job.runId, job.trial);
  return trial === null || trial.model !== null || trial.failure !== null;
}
