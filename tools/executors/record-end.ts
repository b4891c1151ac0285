import type { ExitRecord } from "../jobs/attempt-files.ts";
import type { Attempt } from "./executor.ts";
import { readClaim } from "./local/read-claim.ts";
import { writeFirst } from "./write-first.ts";

/**
 * Writes the exit record of an attempt whose runner was ended from outside, or can be seen nowhere. Keeps one that is
 * there: the first to write decides.
 */
export async function recordEnd(
  { id, directory }: Pick<Attempt, "id" | "directory">,
  outcome: ExitRecord["outcome"],
  detail: string,
): Promise<void> {
  const now = Date.now() / 1000;
  const claim = await readClaim(directory);
  const exit: ExitRecord = {
    attempt: id,
    outcome,
    steps: [],
    started_at: claim?.claimed_at ?? now,
    ended_at: now,
    peak_memory_mib: 0,
    detail,
  };
  await writeFirst(directory, "exit.json", exit);
}
