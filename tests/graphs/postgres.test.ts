import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Trial } from "#src/store/store.ts";
import { createPostgresBackend, postgresMissing } from "#tests/src/store/backends.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { preparedObjects, scriptedConfig } from "./scripted-world.ts";

const missing = await postgresMissing();
const backend = createPostgresBackend();

/** `done`, or how else it ended and why. */
const outcome = ({ state, failure, detail }: Trial) => (state === "done" ? state : `${state} (${failure}): ${detail}`);

describe.skipIf(missing !== null)(`a run on PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  afterAll(() => backend.close());

  it("is shared by two conductors, with checkpoints in the same database", async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    const home = mkdtempSync(path.join(tmpdir(), "temper-graph-"));
    const store = await openStore(place);
    const config = scriptedConfig({ budget: { trials: 8 }, executor: { kind: "scripted", lanes: 2 } });
    const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: new Date() });
    const conductors = [1, 2].map(() => {
      const executor = createScriptedExecutor({ behaviour: { seconds: () => 0.02 } });
      return new Conductor({ store, home, executor, databaseUrl: place.databaseUrl, pollMs: 20 });
    });
    try {
      await Promise.all(conductors.map((conductor) => conductor.follow(run.id)));
      const trials = await store.trials.list(run.id);
      expect(trials.map(outcome)).toEqual(Array.from({ length: 8 }, () => "done"));
      expect(new Set(trials.map((trial) => trial.model)).size).toBe(8);
      expect((await store.events.list(run.id)).filter((event) => event.kind === "trial-error")).toEqual([]);
    } finally {
      for (const conductor of conductors) await conductor.close();
      await store.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it("goes on to the end while every connection is killed again and again", { timeout: 120_000 }, async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    const home = mkdtempSync(path.join(tmpdir(), "temper-graph-"));
    const store = await openStore(place);
    const config = scriptedConfig({ budget: { trials: 6 }, executor: { kind: "scripted", lanes: 2 } });
    const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: new Date() });
    const executor = createScriptedExecutor({ behaviour: { seconds: () => 0.05 } });
    const conductor = new Conductor({ store, home, executor, databaseUrl: place.databaseUrl, pollMs: 20 });
    const admin = new Client({ connectionString: place.databaseUrl });
    await admin.connect();
    let seen = 0;
    let blows = 0;
    let pending: Promise<unknown> = Promise.resolve();
    // A blow after every third event: what happens between two of them is progress.
    const timer = setInterval(() => {
      pending = pending.then(async () => {
        const { rows } = await admin.query<{ count: string }>("select count(*) as count from events");
        if (Number(rows[0]?.count) < seen + 3) return;
        seen = Number(rows[0]?.count);
        blows += 1;
        await admin.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
      });
    }, 10);
    try {
      expect(await conductor.follow(run.id)).toBe("ended");
      clearInterval(timer);
      await pending;
      expect(blows).toBeGreaterThan(3);
      expect((await store.trials.list(run.id)).map(outcome)).toEqual(Array.from({ length: 6 }, () => "done"));
      const events = await store.events.list(run.id);
      expect(events.filter(({ kind }) => kind === "trial-error")).toEqual([]);
      expect(
        events
          .filter(({ kind }) => kind === "trial-result")
          .map(({ trial }) => trial)
          .toSorted((a, b) => Number(a) - Number(b)),
      ).toEqual([1, 2, 3, 4, 5, 6]);
    } finally {
      clearInterval(timer);
      await pending;
      await admin.end();
      await conductor.close();
      await executor.close();
      await store.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
