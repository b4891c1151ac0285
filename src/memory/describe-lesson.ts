import { describeAction } from "../action/describe-action.ts";
import type { TaskScores } from "../policy/policy.ts";
import { changeOverParents } from "./effects.ts";
import { assumedNoise, isSunk, parentScores, weigh } from "./experience.ts";
import { formatChange, formatInterval, formatScore } from "./format-score.ts";
import type { WriteMemoryInput } from "./write-memory.ts";

/** What one trial taught, in a sentence: the change over its parents, where it came from, and whether the prediction held. */
export function describeLesson({ trial, prediction, view, experience }: WriteMemoryInput): string {
  const what = describeAction(trial.action);
  if (trial.scores === null) return `Trial ${trial.number}: ${what} failed (${trial.failure ?? "no reason given"}).`;
  const score = weigh(trial.scores, view.weights);
  const parents = parentScores(trial.action, view);
  const parts = [`Trial ${trial.number}: ${what} gave ${formatScore(score)}`];
  if (parents.length > 0) {
    const better = Math.max(...parents.map((parent) => weigh(parent, view.weights)));
    const over = parents.length > 1 ? "over its best parent" : `over ${trial.action.models[0] ?? "its parent"}`;
    parts.push(`, ${describeGap(score - better, view.noiseFloor ?? assumedNoise)} ${over}${describeTasks(trial.scores, parents)}`);
  }
  if (trial.number === experience.bestTrial) parts.push("; the best so far");
  if (prediction !== null) {
    const held = score >= prediction.low && score <= prediction.high;
    parts.push(
      `; ${held ? "as predicted" : score > prediction.high ? "above the prediction" : "below the prediction"} (${formatInterval(prediction)})`,
    );
  }
  return `${parts.join("")}.`;
}

function describeGap(gap: number, noise: number): string {
  return Math.abs(gap) < noise ? `${formatChange(gap)} (a tie)` : formatChange(gap);
}

/** The two tasks that moved most; of one that a training sank the scores. */
function describeTasks(scores: TaskScores, parents: readonly TaskScores[]): string {
  const moved = Object.entries(changeOverParents(scores, parents))
    .filter(([, change]) => Math.abs(change) >= assumedNoise)
    .toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    .slice(0, 2)
    .map(([task, change]) => {
      const [from, to] = [parents[0]?.[task] ?? 0, scores[task] ?? 0];
      const isTold = parents.length === 1 && isSunk(from, to);
      return `${task} ${isTold ? `from ${formatScore(from)} to ${formatScore(to)}` : formatChange(change)}`;
    });
  return moved.length === 0 ? "" : ` (${moved.join(", ")})`;
}
