import { setTimeout as sleep } from "node:timers/promises";
import type { z } from "zod";
import type { claimSchema } from "../../contract/job.ts";
import { leftovers } from "./processes.ts";

/** A killed process takes a moment to go; one that is stuck in the kernel may take for ever. */
const longestMs = 10_000;

/** Kills what a dead runner left behind and waits until it is gone. */
export async function endLeftovers(claim: z.infer<typeof claimSchema>, directory: string): Promise<void> {
  const deadline = Date.now() + longestMs;
  for (let pids = await leftovers(claim, directory); pids.length > 0 && Date.now() < deadline; pids = await leftovers(claim, directory)) {
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended in between.
      }
    }
    await sleep(10);
  }
}
