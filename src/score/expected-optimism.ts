import type { Rng } from "../policy/rng.ts";
import type { OutcomesByTask } from "./compare.ts";
import type { TaskWeight } from "./evaluation.ts";
import { moments } from "./interval.ts";

const draws = 200;

/** Weighted outcomes of one model: by task, each item's share in the aggregate. */
function shares(outcomes: OutcomesByTask, weights: readonly TaskWeight[]): Float64Array[] {
  return weights
    .filter(({ weight }) => weight > 0)
    .map(({ task, weight, maximum }) => {
      const values = outcomes.get(task) ?? new Float32Array();
      return Float64Array.from(values, (value) => (value * weight) / maximum / values.length);
    });
}

/**
 * By how much the best of these models is expected to look better than it is, because it was chosen for its score: the
 * bootstrap's optimism of a selection (Efron and Tibshirani 1993, ch. 17). Items are drawn anew for all models alike,
 * each model's training luck is drawn from `seedSd`, the best is chosen again, and its score in the draw is held
 * against its own score. The noise that is in the scores already makes the models look further apart than they are, so
 * each is first moved towards their mean by its reliability.
 * @param models Outcomes on the same items. @param seedSd Standard deviation of the aggregate over training seeds.
 */
export function expectedOptimism(
  models: readonly OutcomesByTask[],
  { weights, seedSd, rng }: { weights: readonly TaskWeight[]; seedSd: number; rng: Rng },
): number {
  if (models.length < 2) return 0;
  const parts = models.map((model) => shares(model, weights));
  const scores = parts.map((tasks) => tasks.reduce((sum, task) => sum + task.reduce((a, b) => a + b, 0), 0));
  const tasks = parts[0] ?? [];
  const luck = Array.from({ length: draws }, () => {
    const picks = tasks.map((task) => Int32Array.from(task, () => rng.below(task.length)));
    return parts.map((own, model) => {
      let drawn = 0;
      for (const [task, pick] of picks.entries()) for (const item of pick) drawn += own[task]?.[item] ?? 0;
      return drawn - (scores[model] ?? 0) + seedSd * rng.normal();
    });
  });
  const { mean, sd } = moments(scores);
  // What all models share (hard items drawn) moves none ahead of another.
  const ownLuck = luck.map((each) => each.map((value) => value - moments(each).mean));
  const noise = ownLuck.reduce((sum, each) => sum + moments(each).sd ** 2, 0) / draws;
  const reliability = sd === 0 ? 0 : Math.max(0, 1 - noise / sd ** 2);
  const truths = scores.map((score) => mean + Math.sqrt(reliability) * (score - mean));
  let optimism = 0;
  for (const each of ownLuck) {
    let best = 0;
    for (let model = 1; model < truths.length; model++) {
      if ((truths[model] ?? 0) + (each[model] ?? 0) > (truths[best] ?? 0) + (each[best] ?? 0)) best = model;
    }
    optimism += each[best] ?? 0;
  }
  return optimism / draws;
}
