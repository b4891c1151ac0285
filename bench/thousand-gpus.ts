import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createRng } from "#src/policy/rng.ts";
import { openScriptedWorld } from "#tests/graphs/scripted-world.ts";
import { createScriptedExecutor, type ScriptedClock } from "#tools/executors/scripted/create-scripted-executor.ts";
import type { Bench, BenchContext } from "./bench.ts";

const meanJobSeconds = 30 * 60;
/** Standard deviation of the times' logarithm: nine in ten lie between a fifth of the median and five times it. */
const sigma = 1;
const leastUtilisation = 97;

/** A clock that runs faster than the real one; its sleeps are as much shorter. */
function fastClock(speed: number): ScriptedClock {
  const started = performance.now();
  return {
    now: () => ((performance.now() - started) / 1000) * speed,
    sleep: async (seconds, signal) => {
      await sleep((seconds / speed) * 1000, undefined, { signal, ref: false });
    },
  };
}

/** When devices were busy, in the clock's time. */
class Usage {
  readonly #jobs: { from: number; to: number }[] = [];

  add(from: number, seconds: number): void {
    this.#jobs.push({ from, to: from + seconds });
  }

  busyAt(time: number): number {
    return this.#jobs.filter((job) => job.from <= time && time < job.to).length;
  }

  /** Device seconds of a stretch that were used. */
  within(from: number, to: number): number {
    return this.#jobs.reduce((sum, job) => sum + Math.max(0, Math.min(to, job.to) - Math.max(from, job.from)), 0);
  }
}

async function measure({ smoke, print }: BenchContext) {
  const devices = smoke ? 30 : 1000;
  const speed = smoke ? 60 : 5;
  const windowMs = smoke ? 8000 : 300_000;
  const clock = fastClock(speed);
  const usage = new Usage();
  const rng = createRng(7, "thousand-gpus");
  // The mean of a log-normal is exp(mu + sigma² / 2).
  const mu = Math.log(meanJobSeconds) - sigma ** 2 / 2;
  const executor = createScriptedExecutor({
    clock,
    behaviour: {
      seconds: () => {
        const seconds = Math.exp(mu + sigma * rng.normal());
        usage.add(clock.now(), seconds);
        return seconds;
      },
    },
  });
  const world = await openScriptedWorld({ policy: "random", budget: { trials: 100_000 }, executor: { kind: "scripted", lanes: devices } });
  const leave = new AbortController();
  // The base's evaluation takes no turn at the devices here.
  const end = world.conductor({ executor, pollMs: 250 }).follow(world.run.id, { leave: leave.signal });
  const filling = performance.now();
  while (usage.busyAt(clock.now()) < devices * 0.98) await sleep(250);
  const fillSeconds = (performance.now() - filling) / 1000;
  print(`${devices} devices busy after ${fillSeconds.toFixed(0)} s`);
  const [from, cpuFrom, wallFrom] = [clock.now(), process.cpuUsage(), performance.now()];
  const before = await world.store.trials.counts(world.run.id);
  await sleep(windowMs);
  const to = clock.now();
  const { user, system } = process.cpuUsage(cpuFrom);
  const seconds = (performance.now() - wallFrom) / 1000;
  const after = await world.store.trials.counts(world.run.id);
  leave.abort();
  await end;
  await world.close();
  await executor.close();
  const utilisation = Math.round((1000 * usage.within(from, to)) / (devices * (to - from))) / 10;
  const cores = Math.round((100 * (user + system)) / 1e6 / seconds) / 100;
  return {
    value: utilisation,
    unit: "% of the devices' time",
    target: `>= ${leastUtilisation} % of ${devices} devices, job times log-normal with mean 30 min; controller < 1 core, at ${speed} times that rate`,
    pass: (smoke ? utilisation > 50 : utilisation >= leastUtilisation) && cores < 1,
    details: {
      devices,
      speed,
      cores,
      trials: after.chosen - before.chosen,
      windowSeconds: Math.round(seconds),
      fillSeconds: Math.round(fillSeconds),
    },
  };
}

/** Whether one conductor keeps a big cluster busy. */
export const bench: Bench = {
  name: "thousand-gpus",
  describe:
    "one conductor and 1,000 devices on a clock that runs five times as fast, job times log-normal with mean 30 minutes: utilisation, cores",
  run: measure,
};
