import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteFile from "better-sqlite3";
import { Kysely, PostgresDialect, SqliteDialect, type Dialect } from "kysely";
import { Migrator } from "kysely/migration";
import { Pool } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { renderStatus } from "#bots/terminal/render/render-status.ts";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import { whyAnswer } from "#src/explain/answers/why-answer.ts";
import { explainModel } from "#src/explain/explain-model.ts";
import { collectReport } from "#src/report/collect-report.ts";
import { renderMarkdown } from "#src/report/render-markdown.ts";
import { findRun } from "#src/service/find-run.ts";
import { runStatus } from "#src/service/run-status.ts";
import { migrations } from "#src/store/migrations/migrations.ts";
import { createPostgresClient } from "#src/store/open-postgres.ts";
import { openStore } from "#src/store/open-store.ts";
import { PostgresPresence } from "#src/store/postgres-presence.ts";
import type { Store } from "#src/store/store.ts";
import { createPostgresBackend, postgresMissing } from "./backends.ts";
import { firstVersionRun, writeFirstVersionRun } from "./first-version-run.ts";

const first = "0001-first-tables";

/** Makes the tables of the first version; `fill` writes into them. */
async function makeOld(dialect: Dialect, name: Store["dialect"], fill?: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
  const db = new Kysely<unknown>({ dialect });
  const migration = migrations(name)[first];
  if (migration === undefined) throw new Error(`there is no migration ${first}`);
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ [first]: migration }) } }).migrateToLatest();
  expect(error).toBeUndefined();
  await fill?.(db);
}

/** What the first version kept is there, and people are shown it. */
async function expectFirstVersionRun(store: Store): Promise<void> {
  const { id, action, proposal, plan, memory } = firstVersionRun;
  const run = await findRun(store, id);
  expect(await store.trials.list(id)).toMatchObject([{ number: 1, kind: "chosen", state: "done", action, model: "m1", learnt: true }]);
  expect(await store.decisions.list(id)).toMatchObject([{ number: 1, trial: 1, proposal, planVersion: 1, memoryVersion: null }]);
  expect(await store.plans.latest(id)).toEqual(plan);
  expect(await store.memories.latest(id)).toEqual(memory);
  const status = renderStatus(await runStatus(store, id), new Date());
  expect(status).toContain("Progress  1 of 40 trials");
  expect(status).toMatch(/Best {6}m1 \.750 .*\+\.500/);
  expect(status).toContain(`Now       ${plan.focus}`);
  const report = renderMarkdown(await collectReport(store, run), new Set());
  expect(report).toContain("Best so far: m1, .750");
  expect(report).toContain(memory.experience);
  expect(renderAnswer(whyAnswer(await explainModel(store, run, "m1")), "plain")).toContain(proposal.reason);
}

describe("a database of an older version", () => {
  it("is left alone while another process has its file open, and upgraded after", async () => {
    const home = await mkdtemp(join(tmpdir(), "temper-upgrade-"));
    const old = new SqliteFile(join(home, "temper.db"));
    old.pragma("journal_mode = WAL");
    await makeOld(new SqliteDialect({ database: old }), "sqlite");
    old.exec("insert into leases values ('conductor:x', 'gpu-7/boot/4242/1/own', 0)");
    const opening = openStore({ home });
    await expect(opening).rejects.toMatchObject({ code: "conflict" });
    await expect(opening).rejects.toThrow(/It is open in: process 4242 on gpu-7\. Nothing was changed\. Stop them/);
    expect(old.prepare("select name from kysely_migration").all()).toEqual([{ name: first }]);
    old.close();
    const store = await openStore({ home });
    expect(await store.conductors.list(0)).toEqual([]);
    await store.close();
    await rm(home, { recursive: true, force: true });
  });

  it("gives back the run that it held, and shows it", async () => {
    const home = await mkdtemp(join(tmpdir(), "temper-upgrade-"));
    const old = new SqliteFile(join(home, "temper.db"));
    await makeOld(new SqliteDialect({ database: old }), "sqlite", writeFirstVersionRun);
    old.close();
    const store = await openStore({ home });
    await expectFirstVersionRun(store);
    await store.close();
    await rm(home, { recursive: true, force: true });
  });

  it("is upgraded by whichever of several processes comes first", async () => {
    const home = await mkdtemp(join(tmpdir(), "temper-upgrade-"));
    const old = new SqliteFile(join(home, "temper.db"));
    old.pragma("journal_mode = WAL");
    await makeOld(new SqliteDialect({ database: old }), "sqlite");
    old.close();
    const stores = await Promise.all([1, 2, 3].map(() => openStore({ home })));
    for (const store of stores) await store.close();
    await rm(home, { recursive: true, force: true });
  });
});

const missing = await postgresMissing();
const backend = createPostgresBackend();

describe.skipIf(missing !== null)(`an older database on PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  afterAll(() => backend.close());

  it("gives back the run that it held, and shows it", async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    const pool = new Pool({ connectionString: place.databaseUrl });
    await makeOld(new PostgresDialect({ pool }), "postgres", writeFirstVersionRun);
    await pool.end();
    const store = await openStore(place);
    await expectFirstVersionRun(store);
    await store.close();
    await backend.drop(place);
  });

  it("is left alone while another process has it open, and upgraded after", async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    const pool = new Pool({ connectionString: place.databaseUrl });
    await makeOld(new PostgresDialect({ pool }), "postgres");
    const old = await PostgresPresence.open(() => createPostgresClient(place.databaseUrl));
    const opening = openStore(place);
    await expect(opening).rejects.toMatchObject({ code: "conflict" });
    await expect(opening).rejects.toThrow(new RegExp(`It is open in: temper .*\\(process ${process.pid} on .*Nothing was changed`));
    expect((await pool.query("select name from kysely_migration")).rows).toEqual([{ name: first }]);
    await old.close();
    await pool.end();
    const stores = await Promise.all([1, 2, 3].map(() => openStore(place)));
    expect(await stores[0]?.conductors.list(0)).toEqual([]);
    for (const store of stores) await store.close();
    await backend.drop(place);
  });
});
