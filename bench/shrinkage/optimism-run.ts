import { type Action, fullFidelity } from "#src/action/action.ts";
import { createPolicy, type PolicyName } from "#src/policy/create-policy.ts";
import { createRng } from "#src/policy/rng.ts";
import { aggregate, taskWeights } from "#src/score/aggregate.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import type { TaskWeight } from "#src/score/evaluation.ts";
import { moments } from "#src/score/interval.ts";
import { type BestOf, optimismOfBest } from "#src/score/optimism-of-best.ts";
import { createLandscape, type Landscape } from "#tools/executors/scripted/landscape.ts";
import { plantedLandscape } from "../false-claims/planted-landscape.ts";
import { SearchRun, withRules } from "#src/search/search-run.ts";
import { OutcomeWorld } from "./outcome-world.ts";

/** Of each task over training seeds, as measured on the tiny world. */
const noise = 0.02;
/** As usual in a run: repeats of the best single SFT, and seeds of a confirmation. */
const repeats = 3;
const confirmSeeds = 3;

export interface OptimismPlan {
  seed: number;
  policy: PolicyName;
  trials: number;
  /** Items of each task in each split. */
  items: number;
  /** `flat`: no action changes anything, and the best is best by luck. `varied`: actions have effects. */
  landscape: "flat" | "varied";
}

/** The best model of a run on `search`, and its pipeline under fresh seeds on `confirm`. */
export interface OptimismRow extends OptimismPlan {
  search: number;
  confirm: number;
  /** What the run expects its best score to be too high by. */
  predicted: number;
  actual: number;
}

function landscapeOf({ seed, landscape }: OptimismPlan): Landscape {
  if (landscape === "varied") return createLandscape({ seed, noise });
  return plantedLandscape({ seed, gain: 0, noise, isGood: () => false });
}

/** What stands at the end of a run: the models' keys with their outcomes, and what the noise was measured on. */
interface EndOfRun extends Pick<BestOf, "models" | "groups" | "weights"> {
  keys: string[];
  world: OutcomeWorld;
}

/** Lets a policy search, beside the baselines that each run has: a single SFT of each set, and repeats of the best. */
async function searchToEnd(plan: OptimismPlan): Promise<EndOfRun> {
  const world = new OutcomeWorld(landscapeOf(plan), plan.items);
  const weights = taskWeights(world.config, []);
  const run = await SearchRun.open(world, { seed: plan.seed, trials: plan.trials });
  const singles: { action: Action; key: string }[] = [];
  for (const { id } of world.datasets) {
    const setting = { ...run.space.settings("sft")[0] };
    const action: Action = { type: "sft", models: ["m0"], datasets: [id], setting, seed: 0, fidelity: fullFidelity };
    const made = await world.make(action, run.modelsById);
    if (made.kind === "made") singles.push({ action, key: made.key });
  }
  const policy = createPolicy(plan.policy, world.config);
  const keys = new Set([world.base.key, ...singles.map(({ key }) => key)]);
  for (let trial = 0; trial < plan.trials; trial++) {
    const turn = await run.step(withRules(policy));
    if (turn?.made.kind === "made") keys.add(turn.made.key);
  }
  const read = (key: string) => world.outcomes(key, "search");
  const best = singles.toSorted((a, b) => scoreOf(read(b.key), weights) - scoreOf(read(a.key), weights))[0];
  if (best === undefined) throw new RangeError("the world has data");
  const again = Array.from({ length: repeats }, (_, index) => world.outcomesAgain(best.key, index + 1, "search"));
  return {
    world,
    weights,
    keys: [...keys],
    models: [...keys].map(read),
    groups: [[read(best.key), ...again]],
  };
}

/** The best score of a run, what it is expected to be too high by, and what `confirm` says. */
export async function runForOptimism(plan: OptimismPlan): Promise<OptimismRow> {
  const end = await searchToEnd(plan);
  const { optimism } = optimismOfBest({ ...end, rng: createRng(plan.seed, "optimism") });
  return { ...plan, ...holdAgainstConfirm(end), predicted: optimism ?? 0 };
}

/**
 * The best score against its pipeline under fresh seeds. The items of `confirm` are others, and may be harder or easier
 * for every model alike: that is no optimism, and is taken off by what all models score there as they are.
 */
function holdAgainstConfirm({ keys, models, weights, world }: EndOfRun): Pick<OptimismRow, "search" | "confirm" | "actual"> {
  const scores = models.map((outcomes) => scoreOf(outcomes, weights));
  const search = Math.max(...scores);
  const best = keys[scores.indexOf(search)] ?? world.base.key;
  const onConfirm = (outcomes: OutcomesByTask[]) => moments(outcomes.map((each) => scoreOf(each, weights))).mean;
  const confirm = onConfirm(Array.from({ length: confirmSeeds }, (_, index) => world.outcomesAgain(best, 101 + index, "confirm")));
  const easier = moments(scores).mean - onConfirm(keys.map((key) => world.outcomes(key, "confirm")));
  return { search, confirm, actual: search - confirm - easier };
}

function scoreOf(outcomes: OutcomesByTask, weights: readonly TaskWeight[]): number {
  return aggregate(Object.fromEntries([...outcomes].map(([task, values]) => [task, moments(values).mean])), weights);
}
