import { cpus } from "node:os";
import type { Bench, BenchContext } from "./bench.ts";
import { type ArmComparison, compareArms, formatInterval } from "./search/compare-arms.ts";
import { costPoints, costWorlds, experimentOne } from "./search/experiments.ts";
import { type SearchPlan, searchPlans, worldsOf } from "./search/search-arms.ts";
import { recordedRuns, shortRuns } from "./search/short-runs.ts";

const mostBehind = 0.02;
const widest = 0.02;
const rivals = ["tpe", "greedy", "random"] as const;

/** No arm is ahead by more than the bound, and the comparison is narrow enough to say so. */
function isHeld({ ahead }: ArmComparison): boolean {
  return Object.values(ahead).every(({ low, high }) => -low <= mostBehind && (high - low) / 2 <= widest);
}

/** The arms that know no cost: one run serves at each budget and ends past the largest. */
function rivalsPlan({ smoke }: BenchContext, worlds: readonly number[]): SearchPlan {
  const plan = experimentOne.plan(smoke, worlds);
  return { ...plan, experiment: `${plan.experiment}, by steps`, arms: rivals, points: { trials: [], steps: costPoints } };
}

/** The default under a budget of so many steps, as a person would set it who wants to spend no more. */
function ownPlan({ smoke }: BenchContext, worlds: readonly number[], steps: number): SearchPlan {
  const plan = experimentOne.plan(smoke, worlds);
  return { ...plan, experiment: withinBudget(plan, steps), arms: ["default"], steps, points: { trials: [], steps: [steps] } };
}

function withinBudget({ experiment }: SearchPlan, steps: number): string {
  return `${experiment}, ${steps} steps`;
}

/** Runs of the worlds: the recorded ones when the result is extended, the others measured. */
async function readRuns(context: BenchContext, worlds: readonly number[]) {
  const recorded = context.options.extend ? recordedRuns(context.root, "search-cost") : { runs: [], parts: [] };
  const known = recorded.runs.filter(({ world }) => worlds.includes(world));
  const missing = worlds.filter((world) => known.every((run) => run.world !== world));
  if (known.length > 0) context.print(`${known.length} runs are recorded, ${missing.length} worlds are missing`);
  const plans = [rivalsPlan(context, missing), ...costPoints.map((steps) => ownPlan(context, missing, steps))];
  const runs = [...known, ...shortRuns(await searchPlans(context, plans))];
  const part = { worlds: missing, date: new Date().toISOString(), cpu: cpus()[0]?.model ?? "unknown" };
  return { runs, parts: missing.length === 0 ? recorded.parts : [...recorded.parts, part] };
}

/** Arms at equal training steps in place of equal trials. */
export const bench: Bench = {
  name: "search-cost",
  describe:
    "three skills at 400, 800 and 1,600 training steps, real trainings: the default with that budget against TPE, ε-greedy, random; hours; --worlds N, --extend, resumes",
  async run(context) {
    const worlds = worldsOf(context, costWorlds);
    const { runs, parts } = await readRuns(context, worlds);
    const { experiment } = rivalsPlan(context, worlds);
    const comparisons = costPoints.map((steps) => {
      const own = withinBudget(experimentOne.plan(context.smoke, worlds), steps);
      const compared = runs.filter((run) => run.experiment === own || run.experiment === experiment);
      return compareArms(compared, ["default", ...rivals], `${steps} steps`);
    });
    for (const { at, ahead } of comparisons) {
      for (const [arm, interval] of Object.entries(ahead)) context.print(`${at}: default − ${arm} ${formatInterval(interval)}`);
    }
    const behind = Math.max(...comparisons.flatMap(({ ahead }) => Object.values(ahead).map(({ low }) => -low)));
    const isWhole = worlds.length >= costWorlds;
    return {
      value: Number(behind.toFixed(4)),
      unit: "upper 95 % bound of how far another arm is ahead, in the worst comparison",
      target: `<= ${mostBehind} at 400, 800 and 1,600 steps, half-width <= ${widest}`,
      pass: context.smoke ? true : isWhole ? comparisons.every(isHeld) : null,
      details: {
        ...(isWhole || context.smoke ? {} : { lacks: `${costWorlds} worlds: ${worlds.length} were asked for` }),
        comparisons: JSON.parse(JSON.stringify(comparisons)),
        worlds: [...worlds],
        parts,
        runs,
      },
    };
  },
};
