import { randomUUID } from "node:crypto";
import { link, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { claimSchema, type exitSchema } from "../../contract/job.ts";
import { parseContract, readIfThere } from "../../jobs/attempt-files.ts";
import type { Attempt } from "../executor.ts";
import { bootId, startTicks } from "./processes.ts";

export type Claim = z.infer<typeof claimSchema>;
type Place = Pick<Attempt, "id" | "directory">;

/** Who runs an attempt; null while nobody does. */
export async function readClaim(directory: string): Promise<Claim | null> {
  const file = join(directory, "claim.json");
  const content = await readIfThere(file);
  return content === null ? null : parseContract(content, claimSchema, file);
}

/** Claims an attempt for this process, so that no runner can start it. False when a runner was faster. */
export async function claimAttempt({ id, directory }: Place, host: string): Promise<boolean> {
  const claim: Claim = {
    attempt: id,
    host,
    boot_id: await bootId(),
    pid: process.pid,
    start_ticks: await startTicks(process.pid),
    claimed_at: Date.now() / 1000,
  };
  const aside = join(directory, `.claim.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(claim));
  try {
    await link(aside, join(directory, "claim.json"));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside);
  }
}

/** Writes the exit record of an attempt that was cancelled and has no runner to write it. Keeps one that is there. */
export async function recordCancelled({ id, directory }: Place, detail: string): Promise<void> {
  const now = Date.now() / 1000;
  const exit: z.infer<typeof exitSchema> = {
    attempt: id,
    outcome: "cancelled",
    steps: [],
    started_at: now,
    ended_at: now,
    peak_memory_mib: 0,
    detail,
  };
  const aside = join(directory, `.exit.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(exit));
  await link(aside, join(directory, "exit.json")).catch(() => {});
  await rm(aside);
}
