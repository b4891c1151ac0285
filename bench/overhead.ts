import { createRuleAgents } from "#graphs/agents/rule-agents.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";
import type { Executor } from "#tools/executors/executor.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import type { Bench, BenchContext } from "./bench.ts";

const mostMs = 50;
const spread = 0.3;
const mostMib = 400;

/** One trial: from the end of the one before to its own end, and how much of that the scripted executor took. */
interface TrialTime {
  wallMs: number;
  executorMs: number;
  /** Processor time of this process, the executor's included: what does not change with what else the machine does. */
  cpuMs: number;
}

/** Runs so many trials and times each. */
async function timeTrials(count: number, onTrial: (done: number) => void): Promise<TrialTime[]> {
  const world = await openScriptedWorld({ policy: "random", budget: { trials: count } });
  const timer = { executorMs: 0, before: performance.now(), cpuBefore: cpuMsNow(), times: Array.of<TrialTime>() };
  try {
    await world
      .conductor({ pollMs: 250, executor: timed(createScriptedExecutor(), timer), agents: marking(timer, onTrial) })
      .follow(world.run.id);
    await refuseBadRun(world, count);
  } finally {
    await world.close();
  }
  return timer.times;
}

interface Timer {
  executorMs: number;
  before: number;
  cpuBefore: number;
  times: TrialTime[];
}

function cpuMsNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Rule agents that note the time whenever a trial is reflected on. */
function marking(timer: Timer, onTrial: (done: number) => void) {
  return (config: Parameters<typeof createRuleAgents>[0]) => {
    const agents = createRuleAgents(config);
    const reflect: typeof agents.reflect = async (input) => {
      const now = performance.now();
      const cpuNow = cpuMsNow();
      timer.times.push({ wallMs: now - timer.before, executorMs: timer.executorMs, cpuMs: cpuNow - timer.cpuBefore });
      timer.before = now;
      timer.cpuBefore = cpuNow;
      timer.executorMs = 0;
      onTrial(timer.times.length);
      return agents.reflect(input);
    };
    return { ...agents, reflect };
  };
}

/** What the scripted executor spends on playing a training is not the controller's own time. */
function timed(executor: Executor, timer: Timer): Executor {
  return {
    ...executor,
    submit: async (attempt) => {
      const started = performance.now();
      await executor.submit(attempt);
      timer.executorMs += performance.now() - started;
    },
  };
}

async function refuseBadRun(world: ScriptedWorld, count: number): Promise<void> {
  const trials = await world.store.trials.counts(world.run.id);
  const errors = await world.events("trial-error");
  if (trials.chosen === count && trials.failed === 0 && errors.length === 0) return;
  throw new Error(
    `The run was not clean: ${trials.chosen} of ${count} trials, ${trials.failed} failed, ${errors.length} errors. ${errors[0] ?? ""}`,
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const ownMs = (times: readonly TrialTime[]) => mean(times.map((time) => time.wallMs - time.executorMs));
/** Growth with the run shows in processor time too; wall time also shows what else the machine did meanwhile. */
function isFlat(values: readonly number[]): boolean {
  const centre = (Math.max(...values) + Math.min(...values)) / 2;
  return values.every((value) => Math.abs(value - centre) <= spread * centre);
}
const round = (value: number) => Math.round(value * 100) / 100;

async function run({ smoke, print }: BenchContext) {
  const sizes = smoke ? [10, 40, 120] : [10, 1000, 10_000];
  const [small = 0, middle = 0, large = 0] = sizes;
  print("Warming up: a process that has just started is slower, whatever the length of the run.");
  await timeTrials(smoke ? 20 : 150, () => undefined);
  let peakMib = 0;
  // Ten runs of 10 trials: one alone would say little.
  const early: TrialTime[] = [];
  for (let repeat = 0; repeat < (smoke ? 2 : 10); repeat++) early.push(...(await timeTrials(small, () => undefined)).slice(1));
  const times = await timeTrials(large, (done) => {
    if (done % 100 === 0) peakMib = Math.max(peakMib, process.memoryUsage().rss / 2 ** 20);
    if (done % (smoke ? 40 : 1000) === 0) print(`${done} trials`);
  });
  peakMib = Math.max(peakMib, process.memoryUsage().rss / 2 ** 20);
  const window = smoke ? 20 : 200;
  const at = {
    [small]: early,
    [middle]: times.slice(middle - window / 2, middle + window / 2),
    [large]: times.slice(-window),
  };
  const own = Object.fromEntries(Object.entries(at).map(([trials, part]) => [trials, round(ownMs(part))]));
  const cpu = Object.fromEntries(Object.entries(at).map(([trials, part]) => [trials, round(mean(part.map((time) => time.cpuMs)))]));
  const values = Object.values(own);
  for (const [trials, ms] of Object.entries(own)) print(`at ${trials} trials: ${ms} ms a trial, ${cpu[trials]} ms of processor time`);
  const slowest = Math.max(...values);
  return {
    value: round(slowest),
    unit: "ms a trial",
    target: `< ${mostMs} ms at ${sizes.join(", ")} trials, within ± ${spread * 100} % of each other; < ${mostMib} MiB`,
    // The short form says that the run was clean; so few trials of a process that has just started say nothing of time.
    pass: smoke || (slowest < mostMs && peakMib < mostMib && isFlat(values)),
    details: {
      ownMs: own,
      cpuMs: cpu,
      executorMs: round(mean(times.map((time) => time.executorMs))),
      isFlatInWallTime: isFlat(values),
      isFlatInCpuTime: isFlat(Object.values(cpu)),
      peakMib: Math.round(peakMib),
    },
  };
}

/** What a trial costs the controller itself, and that it costs the same at the end of a long run. */
export const bench: Bench = {
  name: "overhead",
  describe: "controller's own time per trial, SQLite, scripted executor, random policy, at 10, 1,000 and 10,000 trials",
  run,
};
