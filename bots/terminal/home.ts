import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { UserInputError } from "#src/errors.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Terminal } from "./terminal.ts";

/** An opened home. `home` is absolute. */
export interface OpenedHome {
  store: Store;
  home: string;
}

/**
 * Opens the home's database for `work` and closes it after. A home that is not there yet is made with `create`,
 * otherwise it is an error: reading commands never leave an empty database behind.
 */
export async function withHome<T>(
  { terminal, home, create = false }: { terminal: Terminal; home: string; create?: boolean },
  work: (opened: OpenedHome) => Promise<T>,
): Promise<T> {
  const { openStore } = await import("#src/store/open-store.ts");
  const path = resolve(terminal.cwd, home);
  const databaseUrl = terminal.env["TEMPER_DATABASE_URL"];
  if (!create && databaseUrl === undefined && !existsSync(join(path, "temper.db"))) throw noRun(home);
  if (create) await mkdir(path, { recursive: true });
  const now = () => terminal.now();
  const store = await openStore(databaseUrl === undefined ? { home: path, now } : { databaseUrl, now });
  try {
    return await work({ store, home: path });
  } finally {
    await store.close();
  }
}

function noRun(home: string): UserInputError {
  return new UserInputError(
    `There is no run in ${home} yet. Start one: temper start temper.yaml, or temper demo; or name another folder with --home.`,
    { home },
    "not_found",
  );
}

const liveStates = new Set<string>(["running", "paused", "stopping"]);

/** The run of this name or id; without one the latest that is still going on, else the latest. */
export async function pickRun({ store, home }: OpenedHome, name?: string): Promise<Run> {
  if (name !== undefined) {
    const { findRun } = await import("#src/service/find-run.ts");
    return findRun(store, name);
  }
  const runs = (await store.runs.list()).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const picked = runs.find((run) => liveStates.has(run.state)) ?? runs[0];
  if (picked === undefined) throw noRun(home);
  return picked;
}
