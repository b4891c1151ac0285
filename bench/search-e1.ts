import type { Bench, BenchContext } from "./bench.ts";
import type { ArmName } from "./search/arms/open-arm.ts";
import { type ArmComparison, compareArms, formatInterval } from "./search/compare-arms.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { experimentOne } from "./search/experiments.ts";
import { searchArms, worldsOf } from "./search/search-arms.ts";
import { shortRuns } from "./search/short-runs.ts";

/** Lower bounds asked for against each arm at the end of the budget. */
const wanted: Partial<Record<ArmName, number>> = { tpe: 0.05, greedy: 0.05, random: 0.1 };

/** The lower bound that is nearest to what is asked for, or farthest below it. */
function leastMargin(end: ArmComparison): number {
  return Math.min(...Object.entries(wanted).map(([arm, bound]) => (end.ahead[arm]?.low ?? Number.NEGATIVE_INFINITY) - bound));
}

async function run(context: BenchContext) {
  const worlds = worldsOf(context, experimentOne.worlds);
  const plan = experimentOne.plan(context.smoke, worlds);
  const records: RunRecord[] = await searchArms(context, plan);
  const [early, late] = plan.points.trials.map((count) => compareArms(records, plan.arms, `${count} trials`));
  if (early === undefined || late === undefined) throw new RangeError("experiment 1 is read at two budgets");
  for (const comparison of [early, late]) {
    for (const [arm, ahead] of Object.entries(comparison.ahead)) {
      context.print(`${comparison.at}: default − ${arm} ${formatInterval(ahead)} over ${comparison.worlds.length} worlds`);
    }
  }
  const margin = leastMargin(late);
  const tpe = early.ahead["tpe"];
  const isWhole = worlds.length >= experimentOne.worlds;
  return {
    value: Number(margin.toFixed(4)),
    unit: "lower 95 % bound above what is asked for, in the weakest comparison",
    target: "≥ 9 worlds: default − TPE and − ε-greedy > .05, − random > .10 on final at 40 trials; not behind TPE at 10",
    pass: context.smoke ? true : isWhole ? margin > 0 && (tpe?.high ?? 0) >= 0 : null,
    details: {
      ...(isWhole || context.smoke ? {} : { lacks: `${experimentOne.worlds} worlds: ${worlds.length} were asked for` }),
      comparisons: JSON.parse(JSON.stringify([early, late])),
      runs: shortRuns(records),
    },
  };
}

/** Which arm finds the best pipeline on the tiny world, experiment 1, with real trainings. */
export const bench: Bench = {
  name: "search-e1",
  describe: "three skills, 40 chosen trials, real trainings: final score of default, TPE, ε-greedy, random; hours; --worlds N, resumes",
  run,
};
