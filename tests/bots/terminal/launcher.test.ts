import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, it } from "vitest";
import { configText } from "./scripted-place.ts";

const patience = { timeout: 30_000, interval: 20 };
const launcher = resolve("bin/temper.js");
/** A Node that does not replace itself, as the older ones: the launcher stays as a parent. */
const withoutExec = ["--import", "data:text/javascript,process.execve=undefined"];
let home: string | null = null;
afterEach(() => {
  if (home !== null) rmSync(home, { recursive: true, force: true });
  home = null;
});

const children = async (pid: number) =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "")).split(" ").filter((text) => text !== "");

/** Starts a run whose first job never ends. */
function startWaiting() {
  home = mkdtempSync(join(tmpdir(), "temper-launch-"));
  writeFileSync(join(home, "hang.json"), JSON.stringify({ at: { 1: "hang" } }));
  const file = join(home, "temper.yaml");
  writeFileSync(file, configText({ executor: { kind: "scripted", script: "hang.json" } }));
  // The launcher tells the bundled Node by its path; this makes it start it anew all the same.
  const env = { ...process.env, TEMPER_TITLE_SHOWN: "1" };
  const args = [...withoutExec, launcher, "start", file, "--yes", "--home", join(home, "home")];
  return spawn(process.execPath, args, { stdio: "ignore", env, cwd: home });
}

it.runIf(process.platform === "linux")("takes the program with it when it is killed", { timeout: 60_000 }, async () => {
  const started = startWaiting();
  const pid = started.pid ?? 0;
  await expect.poll(() => children(pid), patience).toHaveLength(1);
  const [program] = await children(pid);
  await expect.poll(async () => (await readFile(`/proc/${program}/cmdline`, "utf8")).includes("main.ts"), patience).toBe(true);
  await expect.poll(() => existsSync(join(home ?? "", "home", "temper.db")), patience).toBe(true);
  started.kill("SIGKILL");
  await once(started, "exit");
  await expect.poll(() => existsSync(`/proc/${program}`), patience).toBe(false);
});
