import { UserInputError } from "../errors.ts";
import type { Split } from "../pool/objects.ts";
import { comparePaired, compareTask } from "../score/compare.ts";
import type { Measured } from "../score/evaluation.ts";
import { verdictOf } from "../score/verdict.ts";
import type { Run, Store } from "../store/store.ts";
import { findModel } from "./find-model.ts";
import { measuredNoise } from "./measured-noise.ts";
import { ModelScores } from "./model-scores.ts";

export interface Comparison {
  /** Ids of the two models. */
  a: string;
  b: string;
  /** a − b in the aggregate, paired by item. */
  difference: Measured;
  /** a − b by task, in the metric's own unit. */
  tasks: Record<string, Measured>;
  /** Gaps under it are ties; null where it is not known. */
  noiseFloor: number | null;
  /** `a` or `b` where the interval excludes 0 and the gap is not under the noise floor, else a tie. */
  better: "a" | "b" | "tie";
}

/**
 * Compares two models of a run on the same items.
 * @param a, b Model ids, base names or trial numbers.
 * @throws UserInputError when one is unknown or was not evaluated on the split.
 */
export async function compareModels(
  store: Store,
  run: Run,
  { a, b, split = "search" }: { a: string; b: string; split?: Split },
): Promise<Comparison> {
  const scores = await ModelScores.open(store, run, split);
  const left = await evaluated(store, run, scores, a);
  const right = await evaluated(store, run, scores, b);
  const difference = comparePaired(left.outcomes, right.outcomes, scores.weights, split);
  const tasks: Record<string, Measured> = {};
  for (const { task, maximum } of scores.weights) {
    const own = left.outcomes.get(task);
    const other = right.outcomes.get(task);
    if (own !== undefined && other !== undefined) tasks[task] = compareTask(own, other, maximum, split);
  }
  const noiseFloor = await measuredNoise(store, run);
  const better = ({ ahead: "a", behind: "b", tie: "tie" } as const)[verdictOf(difference, noiseFloor)];
  return { a: left.model.id, b: right.model.id, difference, tasks, noiseFloor, better };
}

async function evaluated(store: Store, run: Run, scores: ModelScores, which: string) {
  const model = await findModel(store, run, which);
  const outcomes = await scores.outcomes(model);
  if (outcomes !== null) return { model, outcomes };
  throw new UserInputError(`${model.id} was not evaluated on every task of the ${scores.split} split yet.`, {
    model: model.id,
    split: scores.split,
  });
}
