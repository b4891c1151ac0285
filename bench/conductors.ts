import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { Client } from "pg";
import { createRng } from "#src/policy/rng.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import { preparedObjects, scriptedConfig } from "#tests/graphs/scripted-world.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { createBenchDatabase } from "./conductors/postgres-of-bench.ts";

const conductors = 3;
const leastPerSecond = 10;
const jobSeconds = 0.2;
const lookMs = 500;

interface Child {
  pid: number;
  gone: Promise<unknown>;
  hasEnded: boolean;
}

function start(root: string, input: Record<string, unknown>): Child {
  const process = execa(
    join(root, "node_modules/node/bin/node"),
    ["--no-warnings", join(root, "bench/conductors/conduct.ts"), JSON.stringify(input)],
    { reject: false, stdin: "ignore", stdout: "ignore", stderr: "inherit" },
  );
  const child: Child = { pid: process.pid ?? 0, gone: process, hasEnded: false };
  void process.then(() => (child.hasEnded = true));
  return child;
}

/** Attempts that two processes ran though the first still lived: what leases and claims are there to prevent. */
function claimedTwice(home: string, killedAt: ReadonlyMap<number, number>): string[] {
  const runs = new Map<string, { pid: number; at: number }[]>();
  for (const file of readdirSync(home).filter((name) => name.startsWith("submitted-"))) {
    const pid = Number(/\d+/.exec(file)?.[0]);
    for (const line of readFileSync(join(home, file), "utf8").trimEnd().split("\n")) {
      const [attempt = "", at] = line.split(" ");
      runs.set(attempt, [...(runs.get(attempt) ?? []), { pid, at: Number(at) }]);
    }
  }
  return [...runs].flatMap(([attempt, all]) => {
    const inOrder = all.toSorted((a, b) => a.at - b.at);
    const isDouble = inOrder.some(({ pid, at }, index) => {
      const before = inOrder[index - 1];
      return before !== undefined && (before.pid === pid || (killedAt.get(before.pid) ?? Number.POSITIVE_INFINITY) > at);
    });
    return isDouble ? [attempt] : [];
  });
}

/** What of the finished run is not as it should be. */
async function problemsOf(store: Store, runId: string, expected: number): Promise<string[]> {
  const problems: string[] = [];
  const run = await store.runs.find(runId);
  if (run?.state !== "finished") problems.push(`the run is ${run?.state}: ${run?.stateReason}`);
  const trials = await store.trials.list(runId);
  const done = trials.filter((trial) => trial.state === "done");
  if (done.length !== expected) problems.push(`${done.length} of ${expected} trials are done`);
  for (const trial of trials) {
    const attempts = await store.jobs.ofKey(trial.key);
    // Two conductors may each choose the last trial of the budget; the cap lets one of them run, and skips the other.
    const wanted = trial.state === "skipped" ? 0 : 1;
    if (attempts.length !== wanted) problems.push(`trial ${trial.number}, ${trial.state}, has ${attempts.length} attempts`);
    if (trial.state !== "done" && trial.state !== "skipped") problems.push(`trial ${trial.number} is ${trial.state}`);
  }
  const events = await store.events.list(runId);
  const results = events.filter(({ kind }) => kind === "trial-result");
  if (new Set(results.map(({ trial }) => trial)).size !== results.length) problems.push("a trial has two results");
  const errors = events.filter(({ kind }) => kind === "trial-error");
  if (errors.length > 0) problems.push(`${errors.length} errors: ${errors[0]?.text}`);
  const models = done.map((trial) => trial.model);
  if (new Set(models).size !== models.length) problems.push("two trials made one model");
  return problems;
}

/** How many transactions waited for the lock that they all take, on average over the run. */
class LockWatch {
  readonly #client: Client;
  #looks = 0;
  #waiting = 0;

  constructor(databaseUrl: string) {
    this.#client = new Client({ connectionString: databaseUrl });
  }

  open = () => this.#client.connect();
  close = () => this.#client.end();

  async look(): Promise<void> {
    const { rows } = await this.#client.query<{ waiting: string }>(
      "select count(*) as waiting from pg_stat_activity where datname = current_database() and wait_event = 'advisory'",
    );
    this.#looks += 1;
    this.#waiting += Number(rows[0]?.waiting ?? 0);
  }

  get mean(): number {
    return Math.round((100 * this.#waiting) / Math.max(1, this.#looks)) / 100;
  }
}

async function measure({ root, scratch, smoke, print }: BenchContext) {
  const trials = smoke ? 60 : 5000;
  // The short form kills by trials and not by time: where a machine is busy, a process may take longer than that to start.
  const killEveryMs = smoke ? Number.POSITIVE_INFINITY : 60_000;
  const killAfter = smoke ? [20, 40] : [];
  const target = `>= ${leastPerSecond} trials/s; 0 claimed twice; all done, one of ${conductors} conductors killed each minute`;
  const database = await createBenchDatabase();
  if (database === null)
    return { value: null, unit: "trials/s", target, pass: null, details: { lacks: "a PostgreSQL server (TEMPER_TEST_POSTGRES_URL)" } };
  const { databaseUrl } = database;
  const store = await openStore({ databaseUrl });
  const config = scriptedConfig({ budget: { trials }, executor: { kind: "scripted", lanes: 24 } });
  const { id: runId } = await createRun(store, { config, prepared: preparedObjects(config, scratch), now: new Date() });
  const input = { databaseUrl, home: scratch, runId, jobSeconds };
  const locks = new LockWatch(databaseUrl);
  await locks.open();
  const rng = createRng(5, "conductors");
  const killedAt = new Map<number, number>();
  const children = Array.from({ length: conductors }, () => start(root, input));
  const started = performance.now();
  let nextKill = started + killEveryMs;
  let told = 0;
  for (;;) {
    await sleep(lookMs);
    await locks.look();
    const { chosen } = await store.trials.counts(runId);
    if (chosen >= told + trials / 10) print(`${(told = chosen)} trials in ${Math.round((performance.now() - started) / 1000)} s`);
    if ((await store.runs.find(runId))?.endedAt !== null || children.every((child) => child.hasEnded)) break;
    const isDue = performance.now() >= nextKill || chosen >= (killAfter[0] ?? Number.POSITIVE_INFINITY);
    if (!isDue) continue;
    nextKill += killEveryMs;
    killAfter.shift();
    const index = rng.below(children.length);
    const victim = children[index];
    if (victim === undefined || victim.hasEnded) continue;
    killedAt.set(victim.pid, Date.now());
    process.kill(victim.pid, "SIGKILL");
    await victim.gone;
    children[index] = start(root, input);
  }
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(children.map((child) => child.gone));
  const twice = claimedTwice(scratch, killedAt);
  const problems = await problemsOf(store, runId, trials);
  for (const problem of problems.slice(0, 5)) print(problem);
  await locks.close();
  await store.close();
  await database.drop();
  const perSecond = Math.round((100 * trials) / seconds) / 100;
  return {
    value: perSecond,
    unit: "trials/s",
    target,
    // So few trials say nothing of the rate: most of the time is the start of processes.
    pass: twice.length === 0 && problems.length === 0 && killedAt.size > 0 && (smoke || perSecond >= leastPerSecond),
    details: {
      trials,
      seconds: Math.round(seconds),
      kills: killedAt.size,
      claimedTwice: twice.slice(0, 10),
      problems: problems.slice(0, 10),
      transactionsWaitingForTheLock: locks.mean,
    },
  };
}

/** Several conductors that share one run, and are killed. */
export const bench: Bench = {
  name: "conductors",
  describe: "3 conductors on one PostgreSQL, 24 lanes, scripted executor, one killed each minute: nothing claimed twice, all done",
  run: measure,
};
