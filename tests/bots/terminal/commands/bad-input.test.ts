import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RecordingTerminal } from "../recording-terminal.ts";
import { configText } from "../scripted-place.ts";

let directory: string;
let terminal: RecordingTerminal;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "temper-bad-"));
  terminal = new RecordingTerminal({ cwd: directory });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (text: string) => writeFile(join(directory, "temper.yaml"), text);

describe("bad input", () => {
  it.each([
    [
      "an unknown key",
      (text: string) => text.replace("verifier:", "verifer:"),
      /temper\.yaml:\d+:\d+ {2}tasks\.math.* — .*Did you mean "verifier"\?/,
    ],
    ["a wrong type", (text: string) => text.replace("trials: 4", "trials: many"), /temper\.yaml:\d+:\d+ {2}budget\.trials — /],
    [
      "a file that is not there",
      (text: string) => text.replace("scripted/math\n", "data/deep/math.jsonl\n"),
      /no such file or directory: data\/deep\/math\.jsonl/,
    ],
    ["text that is no YAML", () => "name: [", /temper\.yaml:\d+:\d+ {2}not valid YAML/],
  ])("names the line of %s and makes nothing", async (_title, spoil, message) => {
    await write(spoil(configText()));
    for (const command of [
      ["check", "temper.yaml", "--quick"],
      ["start", "temper.yaml"],
    ]) {
      expect(await terminal.run(...command)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
    }
    expect(existsSync(join(directory, ".temper"))).toBe(false);
  });

  it("lists the issues as JSON where that is asked for", async () => {
    await write(configText({ nam: "x" }));
    const { code, out, err } = await terminal.run("check", "temper.yaml", "--quick", "--json");
    expect(JSON.parse(out)).toMatchObject({ error: { code: "bad_config", issues: [{ path: "nam", line: expect.any(Number) }] } });
    expect({ code, err }).toEqual({ code: 2, err: "" });
  });

  it("says how to get a config when there is none", async () => {
    expect(await terminal.run("start", "nowhere.yaml")).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nowhere\.yaml .*temper init/),
    });
  });

  it("says how to start when the home is empty, and leaves no database behind", async () => {
    const { code, err } = await terminal.run("status");
    expect(err).toBe(
      "There is no run in .temper yet. Start one: temper start temper.yaml, or temper demo; or name another folder with --home.\n",
    );
    expect(code).toBe(2);
    expect(existsSync(join(directory, ".temper"))).toBe(false);
  });

  it.each([
    [["sttus"], /unknown command 'sttus'\n\(Did you mean status\?\)/],
    [["status", "--jsn"], /unknown option '--jsn'[^]*See: temper status --help/],
    [["start"], /missing required argument 'file'/],
    [["leaderboard", "--split", "test"], /Allowed choices are search, confirm, final/],
    [["leaderboard", "--top", "none"], /give a whole number/],
  ])("answers wrong use of %j with 2 and what would be right", async (parameters, message) => {
    expect(await terminal.run(...parameters)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });

  it("changes nothing in a database of a newer version", async () => {
    await mkdir(join(directory, ".temper"));
    await terminal.run("check", "temper.yaml");
    const { openStore } = await import("#src/store/open-store.ts");
    await (await openStore({ home: join(directory, ".temper") })).close();
    const file = join(directory, ".temper", "temper.db");
    const database = new Database(file);
    database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-from-the-future', '2030-01-01')");
    database.close();
    const before = await readFile(file);
    const { code, err } = await terminal.run("status");
    expect(err).toMatch(/temper\.db was written by .*Nothing was changed/);
    expect(err.trim().split("\n")).toHaveLength(1);
    expect(code).toBe(1);
    expect(await readFile(file)).toEqual(before);
  });

  it("says that a home cannot be written", async () => {
    await write(configText());
    // A file where the folder should be: nobody can write there, not even root.
    await writeFile(join(directory, ".temper"), "");
    const { code, err } = await terminal.run("start", "temper.yaml");
    expect(err).toMatch(/cannot be written/);
    expect(code).toBe(1);
  });

  it("keeps stacks out of sight, and says where they are", async () => {
    await mkdir(join(directory, ".temper", "temper.db"), { recursive: true });
    const { code, err } = await terminal.run("status");
    expect(err).not.toMatch(/^\s+at /m);
    expect(err.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(code).toBe(1);
  });
});

describe("bin/temper.js", () => {
  const entry = join(import.meta.dirname, "../../../../bin/temper.js");
  const spawnTemper = (...parameters: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      execFile(process.execPath, [entry, ...parameters], { cwd: directory }, (error, out, err) =>
        done({ code: typeof error?.code === "number" ? error.code : 0, out, err }),
      );
    });

  it("starts on the bundled Node, helps quickly, and hands exit codes through", async () => {
    const startedAt = performance.now();
    const help = await spawnTemper("--help");
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/demo .*\n[^]*doctor .*/) });
    expect(await spawnTemper("status")).toMatchObject({ code: 2, out: "", err: expect.stringContaining("There is no run") });
    expect((await spawnTemper("sttus")).code).toBe(2);
  });

  it("prints the schema that editors use", async () => {
    const { out } = await spawnTemper("schema");
    expect(JSON.parse(out)).toMatchObject({ type: "object", properties: { models: {}, budget: {} } });
  });
});
