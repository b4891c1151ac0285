import { performance } from "node:perf_hooks";
import { createPolicy } from "#src/policy/create-policy.ts";
import { SimulatedRun } from "#tests/fixtures/simulated-run.ts";
import type { Bench } from "./bench.ts";

const targetMs = 250;

/** A run with so many random trials behind it, and the times of a few lookahead proposals that follow. */
async function measure(trials: number, proposals: number): Promise<number[]> {
  const run = new SimulatedRun(7);
  const random = createPolicy("random", run.config);
  const lookahead = createPolicy("lookahead", run.config);
  for (let trial = 0; trial < trials; trial++) await run.step(random);
  const began = performance.now();
  for (const trial of run.trials) lookahead.observe(trial, run);
  const observeMs = (performance.now() - began) / trials;
  // Proposals of the first moments time the compiler, not the policy.
  await run.run(lookahead, 3);
  const times: number[] = [];
  for (let proposal = 0; proposal < proposals; proposal++) {
    const start = performance.now();
    const choice = await lookahead.propose(run, run.rng());
    times.push(performance.now() - start);
    if (choice === null) break;
    run.decision += 1;
    lookahead.observe(run.finish(run.start(choice.action)), run);
  }
  return [...times.toSorted((a, b) => a - b), observeMs];
}

/** The value at a share of a sorted list. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Time of one lookahead proposal; the pool keeps growing while it is measured. */
export const bench: Bench = {
  name: "propose",
  describe: "p99 of one lookahead proposal at 100 and 1,000 trials",
  async run({ smoke, print }) {
    const details: Record<string, number> = {};
    let worst = 0;
    for (const trials of [100, 1000]) {
      const measured = await measure(trials, smoke ? 15 : 200);
      const times = measured.slice(0, -1);
      const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
      worst = Math.max(worst, p99);
      details[`p50_ms_at_${trials}`] = round(p50);
      details[`p99_ms_at_${trials}`] = round(p99);
      details[`observe_ms_at_${trials}`] = round(measured.at(-1) ?? 0);
      print(`${trials} trials: a proposal takes ${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99 of ${times.length})`);
    }
    return { value: round(worst), unit: "ms", target: `< ${targetMs} ms`, pass: worst < targetMs, details };
  },
};

function round(milliseconds: number): number {
  return Number(milliseconds.toFixed(2));
}
