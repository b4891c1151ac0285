import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { createPostgresBackend, postgresMissing } from "#tests/src/store/backends.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";
import { RecordingTerminal } from "../recording-terminal.ts";

const copySchema = z.object({ rows: z.number(), tables: z.array(z.object({ table: z.string(), rows: z.number() })) });
const missing = await postgresMissing();
const backend = createPostgresBackend();

/** Everything that a run is to people and to the next conductor. */
async function contents(store: Store, runId: string) {
  const models = await store.objects.models(runId);
  return {
    run: await store.runs.find(runId),
    counts: await store.trials.counts(runId),
    trials: await store.trials.list(runId),
    decisions: await store.decisions.list(runId),
    events: await store.events.list(runId),
    models,
    jobs: await store.jobs.finished(100),
    evaluations: await store.evaluations.ofModels(
      models.map(({ key }) => key),
      "search",
    ),
    memory: await store.memories.latest(runId),
    plans: await store.plans.list(runId),
    spent: await store.jobs.spent(runId),
  };
}

describe.skipIf(missing !== null)(`temper db copy${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let world: ScriptedWorld;
  let databaseUrl = "";
  const back = mkdtempSync(join(tmpdir(), "temper-copy-"));

  beforeEach(async () => {
    world = await openScriptedWorld({ budget: { trials: 4 } });
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    databaseUrl = place.databaseUrl;
  });
  afterEach(async () => {
    await world.close();
    await backend.drop({ databaseUrl });
  });
  afterAll(async () => {
    rmSync(back, { recursive: true, force: true });
    await backend.close();
  });

  const copy = (from: string, to: string) =>
    new RecordingTerminal({ cwd: world.home, env: { TEMPER_DATABASE_URL: databaseUrl } }).run("db", "copy", from, to, "--json");

  it("takes a run to PostgreSQL, where it goes on, and back", async () => {
    const { run, store } = world;
    const first = world.conductor();
    await first.follow(run.id);
    await first.close();
    const there = await copy(world.home, "env:TEMPER_DATABASE_URL");
    expect(there).toMatchObject({ code: 0, err: "" });
    const counted = copySchema.parse(JSON.parse(there.out)).tables;
    expect(counted).toContainEqual({ table: "trials", rows: 4 });
    expect(counted).toContainEqual({ table: "items", rows: 15 });

    const remote = await openStore({ databaseUrl });
    expect(await contents(remote, run.id)).toEqual(await contents(store, run.id));
    const config = { ...run.config, budget: { ...run.config.budget, trials: 6 } };
    await remote.runs.setConfig(run.id, config);
    await remote.runs.setState(run.id, ["finished"], "running", "more trials");
    const second = world.conductor({ store: remote, databaseUrl });
    await second.follow(run.id);
    await second.close();
    expect((await remote.trials.list(run.id)).map(({ number, state }) => `${number} ${state}`)).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `${n} done`),
    );

    expect(await copy(databaseUrl, back)).toMatchObject({ code: 0, err: "" });
    const local = await openStore({ home: back });
    expect(await contents(local, run.id)).toEqual(await contents(remote, run.id));
    await remote.close();
    await local.close();
  });

  it("refuses a target that is not empty, and a source that somebody works on", async () => {
    expect(await copy(world.home, databaseUrl)).toMatchObject({ code: 0 });
    const again = await copy(world.home, databaseUrl);
    expect(again.code).toBe(2);
    expect(again.err + again.out).toMatch(/is not empty: it holds runs\. Nothing was copied\. Name an empty database/);
    await world.store.leases.acquire("conductor:x", "gpu-7/boot/4242/1/own", 60_000, Date.now());
    const busy = await copy(world.home, back);
    expect(busy.err + busy.out).toContain("Process 4242 on gpu-7 works on");
  });

  it("keeps nothing when a row does not come out as it went in", async () => {
    const remote = await openStore({ databaseUrl });
    const admin = new Client({ connectionString: databaseUrl });
    await admin.connect();
    admin.on("error", () => undefined);
    await admin.query(
      "create function spoil() returns trigger language plpgsql as $$ begin new.text := 'other'; return new; end $$; create trigger spoil before insert on events for each row execute function spoil()",
    );
    const spoiled = await copy(world.home, databaseUrl);
    expect(spoiled.code).toBe(1);
    expect(spoiled.err + spoiled.out).toMatch(/The copy of events in .* is not the same: 1 of 1 rows, of which 1 differ/);
    expect(await remote.runs.list()).toEqual([]);
    await admin.end();
    await remote.close();
  });

  it("says what is missing", async () => {
    const nowhere = await copy("nowhere", databaseUrl);
    expect(nowhere.err + nowhere.out).toMatch(/There is no database in .*nowhere/);
    const unset = await copy(world.home, "env:NOTHING");
    expect(unset.err + unset.out).toContain("The environment variable NOTHING is not set");
  });
});
