import type { Setting } from "../action/action.ts";
import { describeConstantTask } from "./constant-tasks.ts";

/** What a training that did not learn looks like. */
export interface FailedLearning {
  setting: Setting;
  steps: number;
  weightChange: number;
  lossFirst: number | null;
  lossLast: number | null;
  /** Tasks that gave every model the same score, where no other task is left that could show a change. */
  constantTasks: readonly string[];
}

/** Below this no optimiser of the field moves weights of any precision by more than rounding. */
const smallestLearningRate = 1e-8;
const fewSteps = 5;

/** Why a training probably did not learn, with a remedy; null when nothing in its record points anywhere. */
export function likelyCause({ setting, steps, weightChange, lossFirst, lossLast, constantTasks }: FailedLearning): string | null {
  const rate = setting["learning_rate"];
  const warmup = setting["warmup_steps"];
  if (steps === 0) return "No optimiser step was done: set max_steps or num_train_epochs higher.";
  if (rate === 0) return "learning_rate is 0.";
  if (typeof rate === "number" && rate < smallestLearningRate) return `learning_rate ${rate} is too small to move anything.`;
  if (typeof warmup === "number" && warmup >= steps)
    return `All ${steps} steps are warm-up (warmup_steps ${warmup}): the learning rate never rose.`;
  if (lossLast !== null && !Number.isFinite(lossLast)) return "The loss is no number any more: lower learning_rate.";
  if (lossFirst === 0)
    return "The loss is 0 from the start: no token of a completion counts. Do max_length or the columns cut the answers off?";
  if (!(weightChange > 0))
    return "The optimiser changed nothing: are the trained parameters frozen, or all completions cut off by max_length?";
  if (lossFirst !== null && lossLast !== null && lossLast > lossFirst)
    return `The loss rose: learning_rate ${String(rate)} may be too high.`;
  if (steps <= fewSteps) return `${steps} steps are few.`;
  return constantTasks.length === 0 ? null : constantTasks.map(describeConstantTask).join(" ");
}
