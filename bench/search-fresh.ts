import { join } from "node:path";
import type { Bench, BenchContext } from "./bench.ts";
import { type ArmName, openArm } from "./search/arms/open-arm.ts";
import { compareArms, formatInterval } from "./search/compare-arms.ts";
import { freshHash, storedFreshHash } from "./search/fresh/fresh-hash.ts";
import { FreshWorld } from "./search/fresh/fresh-world.ts";
import { RecordFile } from "#src/search/record-file.ts";
import { withRules } from "#src/search/search-run.ts";
import { runSearch } from "#src/search/run-search.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { searchCache } from "./search/search-arms.ts";
import { shortRuns } from "./search/short-runs.ts";

const arms: readonly ArmName[] = ["default", "tpe", "greedy", "random"];
const landscapes = 40;
/** Arms that must be behind with the whole interval. */
const rivals = ["tpe", "greedy"];

async function search(context: BenchContext, seeds: readonly number[], trials: number): Promise<RunRecord[]> {
  const file = new RecordFile(join(searchCache(context), "fresh-runs.jsonl"));
  const experiment = `fresh ${freshHash().slice(0, 12)}, ${trials} trials`;
  const records: RunRecord[] = [];
  for (const seed of seeds) {
    for (const name of arms) {
      const known = file.find(experiment, name, seed);
      const record = known ?? (await searchOne(context, { experiment, name, seed, trials }));
      if (known === null) file.add(record);
      records.push(record);
    }
    if ((seed + 1) % 5 === 0) context.print(`${seed + 1} of ${seeds.length} landscapes`);
  }
  return records;
}

interface OneSearch {
  experiment: string;
  name: ArmName;
  seed: number;
  trials: number;
}

async function searchOne({ root }: BenchContext, { experiment, name, seed, trials }: OneSearch): Promise<RunRecord> {
  const world = new FreshWorld(seed);
  const arm = await openArm(name, { config: world.config, root, seed });
  try {
    const points = { trials: [Math.ceil(trials / 4), trials], steps: [] };
    return await runSearch({ experiment, arm: name, worldNumber: seed, world, roles: withRules(arm.policy), trials, points });
  } finally {
    await arm.close();
  }
}

/** Whether the default is ahead in worlds that it was not made for. */
export const bench: Bench = {
  name: "search-fresh",
  describe: "40 landscapes by other generators, whose hash was stored before the first measurement: default against TPE, ε-greedy, random",
  async run(context) {
    if (freshHash() !== storedFreshHash)
      throw new RangeError("the fresh landscapes have changed since their hash was stored: they are not fresh any more");
    const count = context.smoke ? 2 : (context.options.worlds ?? landscapes);
    const trials = context.smoke ? 8 : 40;
    const records = await search(
      context,
      Array.from({ length: count }, (_, seed) => seed),
      trials,
    );
    const comparisons = [Math.ceil(trials / 4), trials].map((at) => compareArms(records, arms, `${at} trials`));
    for (const { at, ahead } of comparisons) {
      for (const [arm, interval] of Object.entries(ahead)) context.print(`${at}: default − ${arm} ${formatInterval(interval)}`);
    }
    const least = Math.min(...rivals.map((arm) => comparisons.at(-1)?.ahead[arm]?.low ?? Number.NEGATIVE_INFINITY));
    const isWhole = count >= landscapes;
    return {
      value: Number(least.toFixed(4)),
      unit: "lower 95 % bound of the default's lead on final at 40 trials, against TPE or ε-greedy, whichever is less",
      target: `> 0 over ${landscapes} landscapes`,
      pass: context.smoke ? true : isWhole ? least > 0 : null,
      details: {
        ...(isWhole || context.smoke ? {} : { lacks: `${landscapes} landscapes: ${count} were asked for` }),
        hash: storedFreshHash,
        comparisons: JSON.parse(JSON.stringify(comparisons)),
        runs: shortRuns(records),
      },
    };
  },
};
