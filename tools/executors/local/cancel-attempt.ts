import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Attempt } from "../executor.ts";
import { recordEnd } from "../record-end.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { isAlive, signalProcess } from "./processes.ts";
import { claimAttempt, readClaim } from "./read-claim.ts";

/** The runner gives a script 2 s to end and then kills it; a runner that is stuck itself is killed after this. */
const runnerMs = 10_000;

/** Ends an attempt wherever it is, and everything that it started; it has an exit record afterwards. */
export async function cancelAttempt(attempt: Pick<Attempt, "id" | "directory">, host: string): Promise<void> {
  const { directory } = attempt;
  const isOver = () => existsSync(join(directory, "exit.json"));
  if (!existsSync(directory) || isOver()) return;
  await writeFile(join(directory, "cancel"), "");
  if (await claimAttempt(attempt, host)) {
    await recordEnd(attempt, "cancelled", "ended before it was started");
    return;
  }
  const claim = await readClaim(directory);
  if (claim === null) return;
  await signalProcess(claim, "SIGTERM");
  const deadline = Date.now() + runnerMs;
  while ((await isAlive(claim)) && Date.now() < deadline) await sleep(10);
  await signalProcess(claim, "SIGKILL");
  while (await isAlive(claim)) await sleep(10);
  await endLeftovers(claim, directory);
  if (!isOver()) await recordEnd(attempt, "cancelled", "ended on request");
}
