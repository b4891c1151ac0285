import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Bench, BenchResult } from "./bench.ts";
import type { JSONValue } from "./json.ts";

const benchDirectory = fileURLToPath(new URL(".", import.meta.url));
const notBenches = new Set(["bench.ts", "json.ts", "run.ts"]);

/** Exit codes: 0 the target is met, 1 it is not, 2 wrong use, 4 the machine lacks what the benchmark needs. */
const exitCodes = { pass: 0, fail: 1, usage: 2, lacking: 4 } as const;

async function loadBench(name: string): Promise<Bench> {
  const module: { bench: Bench } = await import(join(benchDirectory, `${name}.ts`));
  return module.bench;
}

function benchNames(): string[] {
  return readdirSync(benchDirectory)
    .filter((file) => file.endsWith(".ts") && !notBenches.has(file))
    .map((file) => file.replace(/\.ts$/, ""))
    .toSorted();
}

/**
 * Writes a full (not smoke) result with its date and machine, so that a figure can be argued with. A list of runs goes into
 * a file of its own, a line for each.
 */
function recordResult(name: string, { details, ...result }: BenchResult, seconds: number): void {
  const now = new Date().toISOString();
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const directory = join(benchDirectory, "results");
  mkdirSync(directory, { recursive: true });
  const { runs, ...rest } = details;
  const kept = Array.isArray(runs) ? { ...rest, runs: recordRuns(directory, name, runs) } : details;
  writeFileSync(
    join(directory, `${name}.json`),
    `${JSON.stringify({ name, date: now, machine, seconds, ...result, details: kept }, null, 2)}\n`,
  );
}

/** Returns where they are, beside the result. */
function recordRuns(directory: string, name: string, runs: readonly JSONValue[]): string {
  const file = `runs/${name}.jsonl`;
  mkdirSync(join(directory, "runs"), { recursive: true });
  writeFileSync(join(directory, file), runs.map((run) => `${JSON.stringify(run)}\n`).join(""));
  return file;
}

/** A whole number of at least 1, or null where none was given. */
function count(text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`give a whole number of at least 1, not "${text}"`);
  return value;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      smoke: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      model: { type: "string" },
      data: { type: "string" },
      worlds: { type: "string" },
      lanes: { type: "string" },
      cache: { type: "string" },
      extend: { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const names = benchNames();
  const [name] = positionals;
  if (name === undefined) {
    for (const each of names) process.stdout.write(`${each.padEnd(18)} ${(await loadBench(each)).describe}\n`);
    return exitCodes.pass;
  }
  if (!names.includes(name)) {
    process.stderr.write(`There is no benchmark "${name}". There are: ${names.join(", ")}.\n`);
    return exitCodes.usage;
  }
  const bench = await loadBench(name);
  const scratch = mkdtempSync(join(tmpdir(), `temper-bench-${name}-`));
  const started = performance.now();
  const result = await bench.run({
    smoke: values.smoke,
    fresh: values.fresh,
    options: {
      model: values.model ?? null,
      data: values.data ?? null,
      worlds: count(values.worlds),
      lanes: count(values.lanes),
      extend: values.extend,
      cache: values.cache ?? process.env["TEMPER_BENCH_CACHE"] ?? null,
    },
    scratch,
    root: join(benchDirectory, ".."),
    print: (line) => process.stdout.write(`${line}\n`),
  });
  if (!values.smoke && result.pass !== null) recordResult(name, result, Math.round((performance.now() - started) / 100) / 10);
  if (result.pass === false) process.stdout.write(`Left for a look: ${scratch}\n`);
  else rmSync(scratch, { recursive: true, force: true });
  const { value, unit, target, pass, details } = result;
  process.stdout.write(`${JSON.stringify({ name, value, unit, target, pass, details })}\n`);
  if (pass === null) return exitCodes.lacking;
  return pass ? exitCodes.pass : exitCodes.fail;
}

process.exitCode = await main();
