import type { Bench } from "./bench.ts";
import { type ArmComparison, compareArms, formatInterval } from "./search/compare-arms.ts";
import { costPoints, experimentOne } from "./search/experiments.ts";
import { searchArms, worldsOf } from "./search/search-arms.ts";

const mostBehind = 0.02;
const widest = 0.02;

/** No arm is ahead by more than the bound, and the comparison is narrow enough to say so. */
function isHeld({ ahead }: ArmComparison): boolean {
  return Object.values(ahead).every(({ low, high }) => -low <= mostBehind && (high - low) / 2 <= widest);
}

/** The runs of `search-e1`, read at equal training steps in place of equal trials. */
export const bench: Bench = {
  name: "search-cost",
  describe: "the runs of search-e1 read at 400, 800 and 1,600 training steps: is any arm ahead of the default at equal cost?",
  async run(context) {
    const worlds = worldsOf(context, experimentOne.worlds);
    const plan = experimentOne.plan(context.smoke, worlds);
    const records = await searchArms(context, plan);
    const comparisons = costPoints.map((steps) => compareArms(records, plan.arms, `${steps} steps`));
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
      },
    };
  },
};
