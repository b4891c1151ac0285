import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Store } from "#src/store/store.ts";
import { attemptDirectory } from "../../jobs/attempt-files.ts";
import { endLeftovers } from "./end-leftovers.ts";
import { bootId, isAlive } from "./processes.ts";
import { readClaim, type Claim } from "./read-claim.ts";

/**
 * Ends processes of attempts whose runner is dead, on this host: after a crash of everything nobody else would, until
 * somebody takes up the very trial that they belong to. Attempts with a live runner are left alone.
 * @returns the attempts whose processes were looked at.
 */
export async function sweepOrphans({ store, home, host }: { store: Store; home: string; host: string }): Promise<string[]> {
  const directories = new Set(await markedDirectories(home));
  for (const { attempt } of await store.jobs.live()) directories.add(attemptDirectory(home, attempt));
  const swept: string[] = [];
  for (const directory of directories) {
    const claim = existsSync(directory) ? await readClaim(directory) : await lostClaim(directory, host);
    if (claim === null || claim.host !== host || (await isAlive(claim))) continue;
    await endLeftovers(claim, directory);
    swept.push(basename(directory));
  }
  return swept;
}

/** Directories of this home's attempts that a process carries in its environment. */
async function markedDirectories(home: string): Promise<string[]> {
  const marker = `TEMPER_ATTEMPT=${join(home, "jobs")}/`;
  const found: string[] = [];
  for (const pid of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    const entry = environment.split("\0").find((variable) => variable.startsWith(marker));
    if (entry !== undefined) found.push(entry.slice("TEMPER_ATTEMPT=".length));
  }
  return found;
}

/** Of an attempt whose directory was removed: its processes are known by their environment alone, by no session. */
async function lostClaim(directory: string, host: string): Promise<Claim> {
  return { attempt: basename(directory), host, boot_id: await bootId(), pid: -1, start_ticks: 0, claimed_at: 0 };
}
