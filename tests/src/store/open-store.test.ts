import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteFile from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "#src/store/open-store.ts";
import { storeSampleRun } from "#tests/conformance/store/samples.ts";

describe("openStore", () => {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "temper-open-"));
  });
  afterEach(async () => {
    await chmod(home, 0o700);
    await rm(home, { recursive: true, force: true });
  });

  it("makes the folder and the database, and finds everything again", async () => {
    const deep = join(home, "a", "b");
    const first = await openStore({ home: deep });
    await storeSampleRun(first);
    await first.close();
    const second = await openStore({ home: deep });
    expect((await second.runs.find("three-skills"))?.id).toBe("three-skills.1");
    await second.close();
  });

  it("refuses a database of a newer version and changes nothing", async () => {
    await (await openStore({ home })).close();
    const file = new SqliteFile(join(home, "temper.db"));
    file.exec("insert into kysely_migration (name, timestamp) values ('9999-far-future', '2030-01-01')");
    file.exec("update temper_version set version = '9.4.0'");
    file.pragma("journal_mode = DELETE");
    file.close();
    const before = await readFile(join(home, "temper.db"));

    const opening = openStore({ home });
    await expect(opening).rejects.toMatchObject({ code: "newer_database" });
    await expect(opening).rejects.toThrow(
      /temper\.db was written by version 9\.4\.0; this is \d+\.\d+\.\d+\. Nothing was changed\. Upgrade, or use another folder \(--home\)\./,
    );
    expect((await readFile(join(home, "temper.db"))).equals(before)).toBe(true);
    expect(await readdir(home)).toEqual(["temper.db"]);
  });

  it("says what to do with a file that is no database", async () => {
    await writeFile(join(home, "temper.db"), "this is a shopping list, not a database. ".repeat(100));
    await expect(openStore({ home })).rejects.toThrow(/temper\.db is not a database/);
    expect(await readFile(join(home, "temper.db"), "utf8")).toMatch(/^this is a shopping list/);
  });

  it("says what to do when a file stands where the folder should be", async () => {
    await writeFile(join(home, "file"), "");
    await expect(openStore({ home: join(home, "file", "home") })).rejects.toThrow(/cannot be written.*--home/);
  });

  it("says what to do in a folder that cannot be written", async () => {
    await chmod(home, 0o555);
    const isRoot = process.getuid?.() === 0;
    // Root may write anywhere: try it as nobody.
    if (isRoot) process.seteuid?.(65_534);
    try {
      await expect(openStore({ home })).rejects.toThrow(/cannot be (written|opened).*--home/);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect(await readdir(home)).toEqual([]);
  });

  it("says what to do when the database's place is a folder", async () => {
    await mkdir(join(home, "temper.db"));
    await expect(openStore({ home })).rejects.toThrow(/temper\.db cannot be opened/);
  });

  it("goes on after another program's lock, and names a lock that stays", { timeout: 30_000 }, async () => {
    const store = await openStore({ home });
    const locker = new SqliteFile(join(home, "temper.db"));
    locker.exec("begin immediate");
    const waiting = storeSampleRun(store);
    setTimeout(() => locker.exec("commit"), 200);
    expect((await waiting).id).toBe("three-skills.1");

    locker.exec("begin immediate");
    await expect(store.runs.openFinal("three-skills.1")).rejects.toThrow(/temper\.db is locked by another program for more than 5 seconds/);
    locker.exec("rollback");
    expect(await store.runs.openFinal("three-skills.1")).toBe(true);
    locker.close();
    await store.close();
  });

  it("lets several processes open an empty home at once", { timeout: 60_000 }, async () => {
    const program = `
      const { openStore } = await import(${JSON.stringify(new URL("../../../src/store/open-store.ts", import.meta.url).href)});
      const store = await openStore({ home: ${JSON.stringify(home)} });
      process.stdout.write(String((await store.runs.list()).length));
      await store.close();`;
    const children = [1, 2, 3, 4].map(() =>
      spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", program], { stdio: ["ignore", "ignore", "inherit"] }),
    );
    const exits = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0]));
    expect(exits).toEqual([0, 0, 0, 0]);
  });

  it("names a PostgreSQL server that cannot be reached, without its password", async () => {
    const opening = openStore({ databaseUrl: "postgres://ana:secret@127.0.0.1:1/temper" });
    await expect(opening).rejects.toThrow("PostgreSQL at postgres://ana@127.0.0.1:1/temper cannot be reached");
    await expect(opening).rejects.not.toThrow("secret");
  });
});
