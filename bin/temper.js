#!/usr/bin/env node
// Starts Temper on the Node that comes with it, whatever the machine has. Plain JavaScript: this runs on Node 20.
import { spawn } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const node = join(root, "node_modules", "node", "bin", "node");
const main = join(root, "bots", "terminal", "main.ts");
const [command, ...others] = process.argv.slice(2);
const env = { ...process.env };

/** The demo sets itself up; gives false when that went wrong. */
async function setUpDemo() {
  const { runSetUp } = await import("../scripts/setup.js");
  const title = "Temper demo: find a pipeline for three skills on a tiny model, on this machine, no API key.";
  const showTitle = () => {
    env.TEMPER_TITLE_SHOWN = "1";
    return title;
  };
  const code = await runSetUp({ of: 3, title: showTitle });
  process.exitCode = code;
  return code === 0;
}

/** Without the packages there is nothing that could run, but what is missing can be said. */
async function explainMissing() {
  if (command === "doctor") {
    const { main: check } = await import("../scripts/setup.js");
    process.exitCode = await check(["--check", ...others]);
    return;
  }
  process.stderr.write(
    "Temper is not set up here yet. Run `npm run demo` (installs what is missing, then shows Temper at work) or `node scripts/setup.js`.\n",
  );
  process.exitCode = 1;
}

// Node's young generation grows to 100 MiB of short-lived garbage; with 16 MiB halves it is as fast and a third smaller.
// The old one is collected when it has doubled, not quadrupled: a run of 10,000 trials holds 40 MiB and took 330.
const flags = ["--disable-warning=ExperimentalWarning", "--max-semi-space-size=16", "--heap-growing-percent=100"];

// Becomes the program where this Node can; an older one stays as its parent. The terminal then sends Ctrl-C to both
// processes, a script perhaps to this one alone; the program behind takes two signals at once for one. The channel
// tells it when this process is killed, which it could not know otherwise: it ends then, too.
function start() {
  const args = [...flags, main, ...process.argv.slice(2)];
  if (process.execve !== undefined && process.platform !== "win32") process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { stdio: ["inherit", "inherit", "inherit", "ipc"], env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`The bundled Node does not start (${error.message}). Run \`node scripts/setup.js\`.\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 1);
  });
}

const needsSetUp = command === "demo" && !others.includes("--help") && !others.includes("-h");
if (!needsSetUp || (await setUpDemo())) {
  if (!existsSync(node)) await explainMissing();
  else if (realpathSync(process.execPath) === realpathSync(node) && env.TEMPER_TITLE_SHOWN === undefined) await import(main);
  else start();
}
