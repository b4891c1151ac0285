#!/usr/bin/env node
// Makes a bare clone ready to run: npm packages (with the Node that Temper runs on) and a Python environment, both from
// locks. Plain JavaScript without dependencies, because it runs before there are any. `--check` only looks; `--json`
// prints what was found as one line.
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compareNodePackages, installNodePackages, nodePackagesReady } from "./setup/node-packages.js";
import { comparePythonPackages, installPythonPackages, pythonPackagesReady } from "./setup/python-packages.js";
import { SetupError } from "./setup/setup-error.js";
import { takeSetupLock } from "./setup/setup-lock.js";
import { createStepDisplay } from "./setup/step-display.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const parts = [
  { name: "node-packages", title: "Node packages", ready: nodePackagesReady, compare: compareNodePackages, install: installNodePackages },
  {
    name: "python-packages",
    title: "Python packages",
    ready: pythonPackagesReady,
    compare: comparePythonPackages,
    install: installPythonPackages,
  },
];

/** Throws when this Node cannot run even the set-up. */
function refuseOldNode() {
  if (Number.parseInt(process.versions.node, 10) >= 20) return;
  throw new SetupError(
    `Node ${process.versions.node} is too old: set-up needs Node 20 or newer (Temper then brings its own).`,
    "Install it from https://nodejs.org/en/download, or with your package manager.",
  );
}

/**
 * Installs what is missing and returns whether anything had to be done. `of` is the number of steps the caller shows in
 * all, `title` gives a line that is printed first when there is work.
 */
export async function setUp({ of = parts.length, title, stream = process.stderr, env = process.env, signal } = {}) {
  refuseOldNode();
  if (parts.every((part) => part.ready(root))) return false;
  if (title !== undefined) stream.write(`${title()}\n`);
  const release = await takeSetupLock(root, {
    onWait: (pid) => stream.write(` Another set-up (process ${pid}) is at work here; waiting for it.\n`),
    signal,
  });
  try {
    for (const [index, part] of parts.entries()) {
      const display = createStepDisplay(stream, { step: index + 1, of, title: part.title });
      if (part.ready(root)) {
        display.done("ready");
        continue;
      }
      display.update({ current: "", fraction: 0 });
      try {
        await part.install(root, { env, onProgress: display.update, signal });
      } catch (error) {
        display.failed();
        throw error;
      }
      display.done();
    }
  } finally {
    release();
  }
  return true;
}

/** What is there against the locks, each part with a remedy. Changes nothing. */
export function checkSetUp() {
  return parts.map((part) => {
    const { ok, missing } = part.compare(root);
    const some = missing.slice(0, 4).join(", ") + (missing.length > 4 ? ` and ${missing.length - 4} more` : "");
    return {
      name: part.name,
      ok,
      detail: ok ? "as locked" : `missing or of another version: ${some}`,
      remedy: ok ? null : "node scripts/setup.js",
    };
  });
}

function printError(error) {
  if (error instanceof SetupError) process.stderr.write(`\n${error.message}\n${error.remedy}\n`);
  else process.stderr.write(`\nSet-up failed: ${error instanceof Error ? error.message : error}\n`);
}

/** Runs `setUp` as a program would: explains failures, and takes Ctrl-C as "stop, go on later". Gives the exit code. */
export async function runSetUp(options = {}) {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    await setUp({ ...options, signal: interrupt.signal });
    return 0;
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write("\nStopped. Run the same command again: it goes on with what is missing.\n");
      return 130;
    }
    printError(error);
    return 1;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

/** The program: sets up, or with `--check` only looks. Gives the exit code. */
export async function main(parameters) {
  if (!parameters.includes("--check")) return runSetUp();
  const found = checkSetUp();
  if (parameters.includes("--json")) process.stdout.write(`${JSON.stringify(found)}\n`);
  else
    for (const { name, ok, detail, remedy } of found)
      process.stdout.write(`${ok ? "ok  " : "BAD "} ${name}: ${detail}${ok ? "" : `. ${remedy}`}\n`);
  return found.every((part) => part.ok) ? 0 : 1;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url))
  process.exitCode = await main(process.argv.slice(2));
