import { weigh } from "../memory/experience.ts";
import type { ObservedTrial, TaskScores } from "../policy/policy.ts";
import { noiseFloor } from "./noise-floor.ts";

/** A spread below this is rounding: the repeats scored the same. */
const rounding = 1e-9;

/**
 * The noise floor from trials that differ in nothing but the training seed: the largest over such groups. Null until
 * something was repeated and the repeats differ: equal scores show no spread, and few seeds, few items or a metric that
 * never moves are no proof that there is none.
 */
export function measureNoise(trials: readonly Pick<ObservedTrial, "action" | "scores">[], weights: TaskScores): number | null {
  const groups = new Map<string, number[]>();
  for (const { action, scores } of trials) {
    if (scores === null) continue;
    const name = JSON.stringify({ ...action, seed: 0 });
    groups.set(name, [...(groups.get(name) ?? []), weigh(scores, weights)]);
  }
  const floors = [...groups.values()].flatMap((repeats) => noiseFloor(repeats) ?? []).filter((floor) => floor > rounding);
  return floors.length === 0 ? null : Math.max(...floors);
}
