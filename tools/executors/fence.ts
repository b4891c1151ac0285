import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Attempt } from "./executor.ts";
import { claimAttempt } from "./local/read-claim.ts";
import { recordEnd } from "./record-end.ts";

type Place = Pick<Attempt, "id" | "directory">;

/** Sees to it that no runner starts an attempt any more, and that one which just did ends by itself. */
export async function barStart(place: Place, host: string): Promise<void> {
  await writeFile(join(place.directory, "cancel"), "lost\n");
  await claimAttempt(place, host);
}

/**
 * Makes sure that an attempt which counts as lost never comes back: its record says so, and the first record counts. A
 * runner that is still alive somewhere publishes nothing and ends by itself.
 */
export async function fence(place: Place, host: string, detail: string): Promise<void> {
  await barStart(place, host);
  await recordEnd(place, "lost", detail);
}
