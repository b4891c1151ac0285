import type { Bench } from "./bench.ts";
import { measureProposals } from "./propose/measure-proposals.ts";
import { quantile } from "./propose/quantile.ts";

const targetMs = 250;

/** Time of one lookahead proposal; the pool keeps growing while it is measured. */
export const bench: Bench = {
  name: "propose",
  describe: "p99 of one lookahead proposal at 100 and 1,000 trials",
  async run({ smoke, print }) {
    const details: Record<string, number> = {};
    let worst = 0;
    for (const trials of [100, 1000]) {
      const { proposeMs: times, observeMs } = await measureProposals(trials, smoke ? 15 : 200);
      const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
      worst = Math.max(worst, p99);
      details[`p50_ms_at_${trials}`] = round(p50);
      details[`p99_ms_at_${trials}`] = round(p99);
      details[`observe_ms_at_${trials}`] = round(observeMs);
      print(`${trials} trials: a proposal takes ${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99 of ${times.length})`);
    }
    return { value: round(worst), unit: "ms", target: `< ${targetMs} ms`, pass: worst < targetMs, details };
  },
};

function round(milliseconds: number): number {
  return Number(milliseconds.toFixed(2));
}
