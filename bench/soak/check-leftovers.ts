import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { isHolderGone } from "#graphs/conductor/holder.ts";
import { openStore } from "#src/store/open-store.ts";

/** Processes of a home's jobs that still live, by what they carry in their environment; the warm worker is none of them. */
export async function findOrphans(home: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const [environment, command] = await Promise.all([
      readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
      readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""),
    ]);
    const isJob = environment.includes(`TEMPER_ATTEMPT=${home}/`) || (command.includes("temper_gpu.runner") && command.includes(home));
    if (isJob) found.push(`process ${pid}: ${command.replaceAll("\0", " ").trim().slice(0, 120)}`);
  }
  return found;
}

/** Leases that keep somebody from working, and device slots that are held, when nobody works any more. */
export async function findStuck(home: string): Promise<string[]> {
  const store = await openStore({ home });
  try {
    const leases = (await store.leases.list("", Date.now())).filter(({ holder }) => !isHolderGone(holder));
    const slots = await store.devices.held(hostname());
    return [
      ...leases.map(({ resource, holder }) => `lease ${resource} is held by ${holder}`),
      ...slots.map(({ index, attempt }) => `slot ${index} is held by ${attempt}`),
    ];
  } finally {
    await store.close();
  }
}
