import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { renderFindings } from "#bots/terminal/render/render-findings.ts";
import { openStore } from "#src/store/open-store.ts";
import { checkDatabase } from "#tools/doctor/check-database.ts";
import { checkHome } from "#tools/doctor/check-machine.ts";
import { checkPython } from "#tools/doctor/check-python.ts";
import { checkWorker } from "#tools/doctor/check-worker.ts";
import { examine } from "#tools/doctor/examine.ts";

const root = resolve(import.meta.dirname, "../../..");
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "temper-doctor-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function program(text: string): Promise<string> {
  const file = join(home, "python");
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
}

describe("examine", () => {
  it("finds a machine that runs the tests fit, part by part", async () => {
    const found = await program(`echo '{"python": "3.11.7", "torch": "2.13.0", "gpus": []}'`);
    const place = { root, home, python: found, databaseUrl: undefined, now: new Date() };
    const findings = await examine(place);
    expect(findings.filter(({ name }) => name !== "Node packages" && name !== "Python packages" && name !== "disk")).toMatchObject([
      { name: "Node", status: "ok" },
      { name: "Python", status: "ok", detail: "3.11.7 with torch 2.13.0" },
      { name: "GPU" },
      { name: "machine" },
      { name: "home", status: "ok" },
      { name: "database", status: "note" },
      { name: "warm worker", status: "note" },
      { name: "ports", status: "ok" },
    ]);
  });

  it("names the remedy for a Python that cannot import what it needs", async () => {
    const broken = await program(`echo "ModuleNotFoundError: No module named 'torch'" >&2; exit 1`);
    expect(await checkPython(broken, home)).toMatchObject([
      {
        name: "Python",
        status: "broken",
        detail: expect.stringContaining("No module named 'torch'"),
        remedy: expect.stringContaining("setup.js"),
      },
    ]);
    expect(await checkPython(join(home, "none"), home)).toMatchObject([{ status: "broken" }]);
  });

  it("leaves nothing in a home, and no home that was not there", async () => {
    const place = join(home, "new");
    expect(await checkHome(place)).toMatchObject([{ name: "home", status: "ok" }, { name: "disk" }]);
    const { existsSync } = await import("node:fs");
    expect(existsSync(place)).toBe(false);
  });

  it("finds a home broken that is a file", async () => {
    const file = join(home, "file");
    await writeFile(file, "");
    expect(await checkHome(file)).toMatchObject([{ name: "home", status: "broken", remedy: expect.stringContaining("--home") }]);
  });

  it("says when a newer version wrote the database", async () => {
    await (await openStore({ home })).close();
    const database = new Database(join(home, "temper.db"));
    database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-from-the-future', '2030-01-01')");
    database.close();
    expect(await checkDatabase(home, undefined, 0)).toMatchObject([
      { status: "broken", detail: expect.stringContaining("was written by") },
    ]);
  });

  it("tells a worker that was killed from one that answers", async () => {
    await mkdir(join(home, "worker"));
    const socket = join(home, "worker", "socket");
    await writeFile(join(home, "worker", "worker.json"), JSON.stringify({ pid: 1, socket }));
    expect(await checkWorker(home)).toMatchObject({ status: "note", detail: expect.stringContaining("the next job starts another") });
    const server = createServer().listen(socket);
    await once(server, "listening");
    expect(await checkWorker(home)).toMatchObject({ status: "ok" });
    server.close();
  });
});

describe("renderFindings", () => {
  it("puts each remedy under what it mends, and says what it comes to", () => {
    const text = renderFindings([
      { name: "Node", status: "ok", detail: "24.21.0", remedy: null },
      { name: "Python", status: "broken", detail: "does not start", remedy: "Make it anew." },
    ]);
    expect(text).toBe("ok      Node    24.21.0\nBROKEN  Python  does not start\n                → Make it anew.\n\n1 thing is broken.\n");
  });
});
