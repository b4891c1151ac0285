import { formatScore } from "../memory/format-score.ts";
import type { TaskScores } from "../policy/policy.ts";
import type { TaskWeight } from "./evaluation.ts";

/** Largest standard error that a mean on [0, maximum] over so many items can have: that of right-or-wrong outcomes. */
function standardError(score: number, maximum: number, items: number): number {
  const share = Math.min(1, Math.max(0, score / maximum));
  return items > 0 ? maximum * Math.sqrt((share * (1 - share)) / items) : 0;
}

/**
 * Whether a model keeps every floor: a number, or `base`: not below the base's score minus its standard error.
 * @param scores, baseScores in the metrics' own units. @param items evaluated items by task.
 */
export function floorsMet(
  scores: TaskScores,
  weights: readonly TaskWeight[],
  baseScores: TaskScores,
  items: Readonly<Record<string, number>>,
): { met: boolean; broken: string[] } {
  const broken = weights.flatMap(({ task, floor, maximum }) => {
    const score = scores[task];
    const base = baseScores[task];
    if (floor === null || score === undefined) return [];
    if (floor !== "base") return score < floor ? [`${task} ${formatScore(score)} is below its floor ${formatScore(floor)}`] : [];
    if (base === undefined) return [];
    const error = standardError(base, maximum, items[task] ?? 0);
    if (score >= base - error) return [];
    return [
      `${task} ${formatScore(score)} is below its floor ${formatScore(base - error)} (base ${formatScore(base)} − standard error ${formatScore(error)})`,
    ];
  });
  return { met: broken.length === 0, broken };
}
