import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isHolderGone } from "#graphs/conductor/holder.ts";
import type { Store } from "#src/store/store.ts";
import type { Engine } from "#tools/executors/engine/engine.ts";

/** What is just ending is no leftover. */
const endingMs = 20_000;
const lookMs = 200;

/** What a run left that should be gone when it is over: processes, jobs of its engine, leases, slots. */
export async function findLeftovers(home: string, store: Store, engine: Engine | null): Promise<string[]> {
  const look = async () => [
    ...(await findOrphans(home)),
    ...(await findStuck(store)),
    ...(engine === null ? [] : await findQueued(home, engine)),
  ];
  const deadline = performance.now() + endingMs;
  for (;;) {
    const found = await look();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(lookMs);
  }
}

/** Processes of a home's jobs that still live, by what they carry in their environment; the warm worker is none of them. */
async function findOrphans(home: string): Promise<string[]> {
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
async function findStuck(store: Store): Promise<string[]> {
  const leases = (await store.leases.list("", Date.now())).filter(({ holder }) => !isHolderGone(holder));
  const slots = await store.devices.held(hostname());
  return [
    ...leases.map(({ resource, holder }) => `lease ${resource} is held by ${holder}`),
    ...slots.map(({ index, attempt }) => `slot ${index} is held by ${attempt}`),
  ];
}

/** Jobs of a home's attempts that an engine still has. */
async function findQueued(home: string, engine: Engine): Promise<string[]> {
  const jobs = join(home, "jobs");
  const places = existsSync(jobs) ? (await readdir(jobs)).map((id) => ({ id, directory: join(jobs, id) })) : [];
  const found = await engine.list(places);
  return [...found].flatMap(([id, { state, detail }]) =>
    state === "queued" || state === "stuck" || state === "running" ? [`${engine.title} still has ${id}: ${detail}`] : [],
  );
}
