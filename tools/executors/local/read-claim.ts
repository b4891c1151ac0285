import { join } from "node:path";
import type { z } from "zod";
import { claimSchema } from "../../contract/job.ts";
import { parseContract, readIfThere } from "../../jobs/attempt-files.ts";
import type { Attempt } from "../executor.ts";
import { writeFirst } from "../write-first.ts";
import { bootId, nobody } from "./processes.ts";

export type Claim = z.infer<typeof claimSchema>;
type Place = Pick<Attempt, "id" | "directory">;

/** Who runs an attempt; null while nobody does. */
export async function readClaim(directory: string): Promise<Claim | null> {
  const file = join(directory, "claim.json");
  const content = await readIfThere(file);
  return content === null ? null : parseContract(content, claimSchema, file);
}

/** Claims an attempt for nobody, so that no runner can start it. False when a runner, or somebody else for nobody, was faster. */
export async function claimAttempt({ id, directory }: Place, host: string): Promise<boolean> {
  const claim: Claim = {
    attempt: id,
    host,
    boot_id: await bootId(),
    // Not this process: who finds a claim on an attempt to be ended, ends the process that it names.
    pid: nobody,
    start_ticks: 0,
    claimed_at: Date.now() / 1000,
  };
  return await writeFirst(directory, "claim.json", claim);
}
