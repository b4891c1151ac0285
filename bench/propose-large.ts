import type { Bench } from "./bench.ts";
import { measureProposals } from "./propose/measure-proposals.ts";
import { quantile } from "./propose/quantile.ts";

const targetMs = 250;
const targetMib = 300;

/** What a very long run costs: one proposal, and all the memory of the process that holds the run. */
export const bench: Bench = {
  name: "propose-large",
  describe: "p99 of one lookahead proposal with 10,000 trials behind it, and the memory of the process",
  async run({ smoke, print }) {
    const trials = smoke ? 500 : 10_000;
    const { proposeMs, observeMs } = await measureProposals(trials, smoke ? 10 : 200);
    const [p50, p99] = [quantile(proposeMs, 0.5), quantile(proposeMs, 0.99)];
    const peakMib = Math.round(process.resourceUsage().maxRSS / 1024);
    print(
      `${trials} trials: a proposal takes ${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99); the process took up to ${peakMib} MiB`,
    );
    return {
      value: Number(p99.toFixed(2)),
      unit: "ms",
      target: `< ${targetMs} ms, and < ${targetMib} MiB`,
      pass: smoke || (p99 < targetMs && peakMib < targetMib),
      details: { trials, p50_ms: Number(p50.toFixed(2)), observe_ms: Number(observeMs.toFixed(2)), peak_mib: peakMib },
    };
  },
};
