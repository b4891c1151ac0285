import { spawn } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const project = resolve(import.meta.dirname, "../..");
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "temper-setup-"));
  await cp(join(project, "scripts"), join(root, "scripts"), { recursive: true });
  await writeFile(join(root, "package.json"), '{ "type": "module" }');
  const packages = { "": {}, "node_modules/node": { version: "24.21.0" }, "node_modules/zod": { version: "4.6.7" } };
  await writeFile(join(root, "package-lock.json"), JSON.stringify({ packages }));
  await mkdir(join(root, "gpu-scripts"));
  await writeFile(join(root, "gpu-scripts", "requirements.lock"), "torch==2.13.0\nrouge_score==0.1.2\ntrl==1.16.0\n");
  await mkdir(join(root, "programs"));
  await cp(join(import.meta.dirname, "fake-npm.sh"), join(root, "programs", "npm"));
  await cp(join(import.meta.dirname, "fake-python.sh"), join(root, "programs", "python3.11"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  text: string;
}

function start(env: Record<string, string> = {}, parameters: string[] = [], nodeFlags: string[] = []) {
  const child = spawn(process.execPath, [...nodeFlags, join(root, "scripts", "setup.js"), ...parameters], {
    cwd: root,
    env: { PATH: `${join(root, "programs")}:/usr/bin:/bin`, ...env },
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += String(chunk)));
  child.stderr.on("data", (chunk) => (text += String(chunk)));
  const ended = new Promise<Ended>((done) => child.on("close", (code) => done({ code, text })));
  return { child, ended };
}

const setUp = (env?: Record<string, string>, parameters?: string[]) => start(env, parameters).ended;
const callsOf = async (file: string) => (await readFile(join(root, file), "utf8")).trim().split("\n");

describe("setup.js", () => {
  it("installs both package sets from their locks, torch first, and says so step by step", async () => {
    const { code, text } = await setUp();
    expect(text).toMatch(/ 1\/2 Node packages {5}done \(\d+ s\)\n[^]* 2\/2 Python packages {3}done \(\d+ s\)\n$/);
    expect(code).toBe(0);
    const [first, second] = await callsOf("pip-calls.txt");
    expect(first).toContain("torch==2.13.0");
    expect(second).toContain("--no-deps -r");
    expect(existsSync(join(root, ".cache", "setup.lock"))).toBe(false);
  });

  it("says and starts nothing the second time", async () => {
    await setUp();
    const startedAt = performance.now();
    expect(await setUp()).toEqual({ code: 0, text: "" });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(await callsOf("npm-calls.txt")).toHaveLength(1);
  });

  it("installs again when a lock changed, and only that part", async () => {
    await setUp();
    await writeFile(join(root, "gpu-scripts", "requirements.lock"), "torch==2.13.0\nrouge_score==0.1.2\ntrl==1.17.0\n");
    const { text } = await setUp();
    expect(text).toContain("1/2 Node packages     ready");
    expect(text).toContain("2/2 Python packages   done");
    expect(await callsOf("npm-calls.txt")).toHaveLength(1);
  });

  it("takes what was installed by hand for installed when it is as locked", async () => {
    await setUp();
    await rm(join(root, "node_modules", ".temper-setup.json"));
    await rm(join(root, ".venv", ".temper-setup.json"));
    expect(await setUp()).toEqual({ code: 0, text: "" });
  });

  it("does not take a package for installed whose installation was cut off", async () => {
    await setUp();
    await rm(join(root, ".venv", ".temper-setup.json"));
    await rm(join(root, ".venv", "lib", "python3.11", "site-packages", "trl-1.16.0.dist-info", "RECORD"));
    const checked = await setUp({}, ["--check"]);
    expect(checked.text).toContain("BAD  python-packages: missing or of another version: trl 1.16.0");
    expect(checked.code).toBe(1);
    expect((await setUp()).code).toBe(0);
    expect((await setUp({}, ["--check", "--json"])).text).toContain('{"name":"python-packages","ok":true');
  });

  it.each([
    [{ FAKE_NPM: "no-network" }, "the package index cannot be reached", "Check the network or proxy"],
    [{ FAKE_NPM: "no-space" }, "the disk is full", "Free about 4 GB"],
    [{ FAKE_NPM: "no-scripts" }, "its install script did not run", "npm config set ignore-scripts false"],
    [{ FAKE_PYTHON: "no-venv" }, "without its venv module", "sudo apt install python3-venv"],
    [{ FAKE_PYTHON: "no-network" }, "the package index cannot be reached", "PIP_INDEX_URL"],
    [{ FAKE_PYTHON: "no-build" }, "no build of a locked package", "TEMPER_PYTHON"],
    [{ FAKE_PYTHON: "half" }, "these differ from the lock: trl 1.16.0", "Delete .venv"],
    [
      { FAKE_PYTHON_VERSION: "3.9.2", TEMPER_PYTHON: "python3.11" },
      "needs Python 3.11 to 3.14; python3.11 is 3.9.2",
      "Install Python 3.11",
    ],
    [{ TEMPER_PYTHON: "/nowhere/python" }, "TEMPER_PYTHON=/nowhere/python does not start", "Install Python 3.11"],
  ])("explains %j and says what to do", async (env, what, remedy) => {
    const { code, text } = await setUp(env);
    expect(text).toContain(what);
    expect(text).toContain(remedy);
    expect(text).not.toContain("    at ");
    expect(code).toBe(1);
    expect((await setUp()).code).toBe(0);
  });

  it("stops at Ctrl-C, ends what it started, and goes on the next time", async () => {
    const { child, ended } = start({ FAKE_NPM: "slow" });
    while (!existsSync(join(root, "npm-calls.txt"))) await new Promise((done) => setTimeout(done, 20));
    child.kill("SIGINT");
    const { code, text } = await ended;
    expect(text).toContain("Stopped. Run the same command again");
    expect(code).toBe(130);
    expect((await setUp()).code).toBe(0);
  });

  it("lets a second one wait for the first instead of colliding", async () => {
    const first = start({ FAKE_NPM: "short-pause" });
    while (!existsSync(join(root, "npm-calls.txt"))) await new Promise((done) => setTimeout(done, 20));
    const second = await setUp();
    expect(second.text).toContain("is at work here; waiting for it");
    expect(second.code).toBe(0);
    expect((await first.ended).code).toBe(0);
    expect(await callsOf("npm-calls.txt")).toHaveLength(1);
  });

  it("takes over the lock of a set-up that was killed", async () => {
    await mkdir(join(root, ".cache"));
    await writeFile(join(root, ".cache", "setup.lock"), "999999999\n");
    expect((await setUp()).code).toBe(0);
  });

  it("refuses a folder that it may not write", async () => {
    await chmod(root, 0o555);
    // Root may write anywhere: then the program becomes nobody before it begins.
    const { code, text } = await start({}, [], process.getuid?.() === 0 ? ["--import", "data:text/javascript,process.seteuid(65534)"] : [])
      .ended;
    await chmod(root, 0o755);
    expect(text).toContain("this folder cannot be written");
    expect(code).toBe(1);
  });
});
