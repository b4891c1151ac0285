import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteFile from "better-sqlite3";
import { Kysely, PostgresDialect, SqliteDialect, type Dialect } from "kysely";
import { Migrator } from "kysely/migration";
import { Pool } from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { migrations } from "#src/store/migrations/migrations.ts";
import { createPostgresClient } from "#src/store/open-postgres.ts";
import { openStore } from "#src/store/open-store.ts";
import { PostgresPresence } from "#src/store/postgres-presence.ts";
import type { Store } from "#src/store/store.ts";
import { createPostgresBackend, postgresMissing } from "./backends.ts";

const first = "0001-first-tables";

/** Makes the tables of the first version. */
async function makeOld(dialect: Dialect, name: Store["dialect"]): Promise<void> {
  const db = new Kysely<unknown>({ dialect });
  const migration = migrations(name)[first];
  if (migration === undefined) throw new Error(`there is no migration ${first}`);
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ [first]: migration }) } }).migrateToLatest();
  expect(error).toBeUndefined();
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
