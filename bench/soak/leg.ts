import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createRng } from "#src/policy/rng.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import type { Engine } from "#tools/executors/engine/engine.ts";
import type { BenchContext } from "../bench.ts";
import { HomeWatch } from "../kills/check-home.ts";
import { compareTables, readRunTable, readStoredTable, type TableRow } from "../temper/run-table.ts";
import { fewBaselines, writeWorldConfig } from "../temper/world-config.ts";
import { findLeftovers } from "./check-leftovers.ts";
import { Fire } from "./fire.ts";
import { readOrder, replayOrder } from "./replay-order.ts";
import type { Victim } from "./victims.ts";

const lanes = 4;

/** One run under fire: on an engine, with its state in a database. */
export interface Leg {
  /** Of the run, and of its folder. */
  name: string;
  /** The config's `executor`; lanes are added. */
  executor: Record<string, unknown>;
  /** Null = SQLite in the home. */
  databaseUrl: string | null;
  /** What the conductor's environment needs for its engine. */
  environment: Readonly<Record<string, string>>;
  /** Asked at the end for what it still has; null where nothing queues. */
  engine: Engine | null;
  victims: readonly Victim[];
  trials: number;
}

/** What came of a leg. */
export interface LegResult {
  count: ReadonlyMap<string, number>;
  kills: number;
  trials: number;
  attempts: number;
  replies: number;
  seconds: number;
  /** Differences to the same order in peace, violations and leftovers, in words. */
  problems: string[];
}

/** Runs a leg under fire, looks for what must not be, and does the recorded order again in peace. */
export async function runLeg(leg: Leg, { root, scratch, smoke, print }: BenchContext): Promise<LegResult> {
  const { name, victims, trials } = leg;
  const started = performance.now();
  const directory = join(scratch, name);
  const home = join(directory, "war");
  mkdirSync(home, { recursive: true });
  const more = {
    ...(smoke ? { baselines: fewBaselines } : {}),
    policy: "lookahead",
    // Where the machine is busy a job may take longer than anybody thought, and nobody is there to ask.
    approval: { on_time_limit: "extend" },
    executor: { ...leg.executor, lanes },
  };
  const file = writeWorldConfig({ root, example: "three-skills.yaml", directory }, { name, world: 0, seed: 6, lanes, trials, more });
  const args = ["start", file, "--home", home, "--yes", "--offline"];
  const { databaseUrl } = leg;
  const environment = { ...leg.environment, ...(databaseUrl === null ? {} : { TEMPER_DATABASE_URL: databaseUrl }) };
  const store = await openStore(databaseUrl === null ? { home } : { databaseUrl });
  try {
    const tell = (line: string) => print(`${name}: ${line}`);
    const watch = new HomeWatch(store, name);
    const log = join(directory, "conductors.log");
    const stalledMs = smoke ? 3 * 60_000 : 15 * 60_000;
    const target = { root, home, args, environment, victims, trials, stalledMs, watch, log, print: tell };
    const fire = new Fire(target, createRng(6, "soak", name));
    await fire.run();
    for (const victim of victims) await within(stalledMs, `${victim.name} comes back`, victim.settled?.());
    const { attempts, replies } = await watch.lookAtEnd();
    const leftovers = await findLeftovers(home, store, leg.engine);
    const order = await readOrder(store, name);
    const minutes = ((performance.now() - started) / 60_000).toFixed(1);
    tell(`${fire.done} kills, ${order.length} trials in ${attempts} attempts in ${minutes} min; now the same order in peace`);
    const peace = join(directory, "peace");
    await within(2 * stalledMs, "the order in peace", replayOrder({ root, home: peace, file, name }, order));
    const keys = order.map(({ key }) => key);
    const expected = comparable(await readRunTable(peace, name), keys);
    const differences = compareTables(expected, comparable(await readStoredTable(store, home, name), keys));
    const stalled = fire.isStalled ? [`the run went on no further: ${await describeState(store, name, log)}`] : [];
    const problems = [...stalled, ...watch.problems, ...leftovers, ...differences].map((problem) => `${name}: ${problem}`);
    for (const problem of problems.slice(0, 10)) print(problem);
    if (order.length === 0) problems.push(`${name}: no trial has a result`);
    const seconds = Math.round((performance.now() - started) / 1000);
    return { count: fire.count, kills: fire.done, trials: order.length, attempts, replies, seconds, problems };
  } finally {
    leg.engine?.close();
    await store.close();
  }
}

/** @throws Error where `work` is not done after `limitMs`: what hangs has to be named, or only the whole benchmark's limit ends it. */
async function within(limitMs: number, what: string, work: Promise<void> | undefined): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: not done after ${limitMs / 1000} s`)), limitMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Where a run stands, for whoever has to find out why it went on no further. */
async function describeState(store: Store, name: string, log: string): Promise<string> {
  const run = await store.runs.find(name);
  if (run === null) return `there is no run; the conductors said: ${(await readFile(log, "utf8")).slice(-500)}`;
  const open = (await store.trials.list(run.id)).filter(({ state }) => state !== "done" && state !== "failed");
  const jobs = (await store.jobs.live()).map(({ attempt, state }) => `${attempt} ${state}`);
  const events = (await store.events.list(run.id, 0, 1_000_000)).slice(-5).map(({ kind, trial }) => `${kind} ${trial ?? ""}`);
  return [
    `the run is ${run.state}`,
    `open trials: ${open.map(({ number, state }) => `${number} ${state}`).join(", ")}`,
    `live jobs: ${jobs.join(", ")}`,
    `last events: ${events.join(", ")}`,
    `the conductors said: ${(await readFile(log, "utf8")).slice(-500)}`,
  ].join("; ");
}

/** Rows without what depends on the numbers that lanes gave: those of lessons, and of the trials themselves. */
function comparable(rows: readonly TableRow[], order: readonly string[]): TableRow[] {
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return order.flatMap((key, index) => {
    const row = byKey.get(key);
    return row === undefined ? [] : [{ ...row, number: index + 1, lesson: null }];
  });
}
