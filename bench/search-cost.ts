import type { RunRecord } from "#src/search/run-record.ts";
import type { Bench, BenchContext } from "./bench.ts";
import { type ArmComparison, compareArms, formatInterval } from "./search/compare-arms.ts";
import { costPoints, experimentOne } from "./search/experiments.ts";
import { searchArms, worldsOf } from "./search/search-arms.ts";
import { shortRuns } from "./search/short-runs.ts";

const mostBehind = 0.02;
const widest = 0.02;

/** No arm is ahead by more than the bound, and the comparison is narrow enough to say so. */
function isHeld({ ahead }: ArmComparison): boolean {
  return Object.values(ahead).every(({ low, high }) => -low <= mostBehind && (high - low) / 2 <= widest);
}

const rivals = ["tpe", "greedy", "random"] as const;

/**
 * The default under a budget of so many steps, as a person would set it who wants to spend no more. The other arms know no
 * cost: the same runs serve at each budget.
 */
function withinBudget(context: BenchContext, worlds: readonly number[], steps: number): Promise<RunRecord[]> {
  const plan = experimentOne.plan(context.smoke, worlds);
  const experiment = `${plan.experiment}, ${steps} steps`;
  return searchArms(context, { ...plan, experiment, arms: ["default"], steps, points: { trials: [], steps: [steps] } });
}

/** Arms at equal training steps in place of equal trials. */
export const bench: Bench = {
  name: "search-cost",
  describe: "the default with a budget of 400, 800 and 1,600 training steps against the other arms' runs of search-e1, read there",
  async run(context) {
    const worlds = worldsOf(context, experimentOne.worlds);
    const plan = experimentOne.plan(context.smoke, worlds);
    const others = await searchArms(context, { ...plan, arms: rivals });
    const comparisons: ArmComparison[] = [];
    const runs: RunRecord[] = [];
    for (const steps of costPoints) {
      const own = await withinBudget(context, worlds, steps);
      runs.push(...own);
      comparisons.push(compareArms([...own, ...others], ["default", ...rivals], `${steps} steps`));
    }
    for (const { at, ahead } of comparisons) {
      for (const [arm, interval] of Object.entries(ahead)) context.print(`${at}: default − ${arm} ${formatInterval(interval)}`);
    }
    const behind = Math.max(...comparisons.flatMap(({ ahead }) => Object.values(ahead).map(({ low }) => -low)));
    const isWhole = worlds.length >= experimentOne.worlds;
    return {
      value: Number(behind.toFixed(4)),
      unit: "upper 95 % bound of how far another arm is ahead, in the worst comparison",
      target: `<= ${mostBehind} at 400, 800 and 1,600 steps, half-width <= ${widest}`,
      pass: context.smoke ? true : isWhole ? comparisons.every(isHeld) : null,
      details: {
        ...(isWhole || context.smoke ? {} : { lacks: `${experimentOne.worlds} worlds: ${worlds.length} were asked for` }),
        comparisons: JSON.parse(JSON.stringify(comparisons)),
        worlds: [...worlds],
        runs: shortRuns(runs),
      },
    };
  },
};
