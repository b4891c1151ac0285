import { totalmem } from "node:os";
import type { Store } from "#src/store/store.ts";
import { jobRequestSchema } from "../../contract/job.ts";
import { attemptDirectory, parseContract, readIfThere } from "../../jobs/attempt-files.ts";
import { join } from "node:path";

/** The rest is the system's, the conductor's and the warm worker's. */
const usableShare = 0.9;
/** Finished jobs that say what a type of action takes. */
const jobsToLearnFrom = 50;

/** What this host, or the container around this process, has. */
function usableMib(): number {
  const constrained = process.constrainedMemory();
  return (usableShare * Math.min(totalmem(), constrained > 0 ? constrained : Number.POSITIVE_INFINITY)) / 2 ** 20;
}

/**
 * Whether an attempt fits beside those that run: each counts with its limit, or else with the most that a job of its
 * action type has taken. One alone always fits: what it takes is its own limit's matter.
 */
export async function fitsInMemory(
  { store, home, host }: { store: Store; home: string; host: string },
  attempt: string,
  mostMib: number = usableMib(),
): Promise<boolean> {
  const running = new Set((await store.devices.held(host)).map((slot) => slot.attempt));
  running.delete(attempt);
  if (running.size === 0) return true;
  let expected = 0;
  for (const id of [attempt, ...running]) expected += await expectedMib({ store, home }, id);
  return expected <= mostMib;
}

async function expectedMib({ store, home }: { store: Store; home: string }, attempt: string): Promise<number> {
  const file = join(attemptDirectory(home, attempt), "request.json");
  const content = await readIfThere(file);
  const limit = content === null ? null : parseContract(content, jobRequestSchema, file).limits.memory_mib;
  if (limit !== null) return limit;
  const type = (await store.jobs.find(attempt))?.actionType;
  const alike = (await store.jobs.finished(jobsToLearnFrom)).filter(({ actionType }) => actionType === type);
  return Math.max(0, ...alike.map(({ peakMemoryMib }) => peakMemoryMib ?? 0));
}
