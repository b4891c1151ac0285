#!/usr/bin/env node
// Starts Temper on the Node that comes with it, whatever the machine has. Plain JavaScript: this runs on Node 20.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const node = join(root, "node_modules", "node", "bin", "node");
const main = join(root, "bots", "terminal", "main.ts");
const command = process.argv[2];

if (command === "demo" && !process.argv.includes("--help")) {
  const { runSetUp } = await import("../scripts/setup.js");
  const title = "Temper demo: find a pipeline for three skills on a tiny model, on this machine, no API key.";
  const code = await runSetUp({ of: 3, title });
  if (code !== 0) process.exit(code);
}

if (!existsSync(node)) {
  process.stderr.write(
    "Temper is not set up here yet. Run `npm run demo` (installs what is missing, then shows Temper at work) or `node scripts/setup.js`.\n",
  );
  process.exit(1);
}

// The terminal sends Ctrl-C to both processes, a script perhaps to this one alone; the program behind takes two signals
// at once for one.
const child = spawn(node, ["--disable-warning=ExperimentalWarning", main, ...process.argv.slice(2)], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => {
  process.stderr.write(`The bundled Node does not start (${error.message}). Run \`node scripts/setup.js\`.\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 1);
});
