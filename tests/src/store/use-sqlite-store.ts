import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store } from "#src/store/store.ts";
import { storeSampleRun } from "#tests/conformance/store/samples.ts";

/** A SQLite store with one run in it, new for every test. `changes` go into the run. */
export function useSqliteStore(changes: Partial<Run> = {}): { store: Store; run: Run; clock: { now: Date } } {
  let home = "";
  let store: Store | null = null;
  let run: Run | null = null;
  const clock = { now: new Date(0) };
  beforeEach(async () => {
    clock.now = new Date("2026-01-02T03:04:05.000Z");
    home = await mkdtemp(join(tmpdir(), "temper-state-"));
    store = await openStore({ home, now: () => clock.now });
    run = await storeSampleRun(store, changes);
  });
  afterEach(async () => {
    await store?.close();
    await rm(home, { recursive: true, force: true });
  });
  return {
    get store() {
      if (store === null) throw new Error("the store is open inside of a test only");
      return store;
    },
    get run() {
      if (run === null) throw new Error("the run is there inside of a test only");
      return run;
    },
    clock,
  };
}
