import { formatScore } from "../memory/format-score.ts";
import type { TaskScores } from "../policy/policy.ts";
import type { TaskWeight } from "./evaluation.ts";

/** Largest standard error that a mean on [0, maximum] over so many items can have: that of right-or-wrong outcomes. */
function standardError(score: number, maximum: number, items: number): number {
  const share = Math.min(1, Math.max(0, score / maximum));
  return items > 0 ? maximum * Math.sqrt((share * (1 - share)) / items) : 0;
}

/** Lowest score that keeps the floor `base`: the base's minus its standard error, in the metric's own unit. */
function lowestBeside(base: number, maximum: number, items: number): number {
  return base - standardError(base, maximum, items);
}

/** A base's mean scores in [0, 1], and evaluated items, by task. */
export interface BaseScores {
  scores: TaskScores;
  items: Readonly<Record<string, number>>;
}

/**
 * The lowest score that a model may have on each task with a floor, in [0, 1]: a guide for policies. With several bases
 * the lowest of their floors, since a model that is not made yet may come from any.
 */
export function lowestScores(weights: readonly TaskWeight[], bases: readonly BaseScores[]): TaskScores {
  const entries = weights.flatMap(({ task, floor, maximum }): [string, number][] => {
    if (floor === null) return [];
    if (floor !== "base") return [[task, floor / maximum]];
    const lowest = bases.flatMap(({ scores, items }) => {
      const score = scores[task];
      return score === undefined ? [] : [lowestBeside(score, 1, items[task] ?? 0)];
    });
    return lowest.length === 0 ? [] : [[task, Math.min(...lowest)]];
  });
  return Object.fromEntries(entries);
}

/** Whether scores, in [0, 1], are nowhere below these lowest ones. */
export function keepsFloors(scores: TaskScores, floors: TaskScores): boolean {
  return Object.entries(floors).every(([task, lowest]) => (scores[task] ?? 0) >= lowest);
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
    const lowest = lowestBeside(base, maximum, items[task] ?? 0);
    if (score >= lowest) return [];
    return [
      `${task} ${formatScore(score)} is below its floor ${formatScore(lowest)} (base ${formatScore(base)} − standard error ${formatScore(base - lowest)})`,
    ];
  });
  return { met: broken.length === 0, broken };
}
