import type { RunConfig } from "../config/run-config.ts";
import { TemperError } from "../errors.ts";
import type { Directive } from "../memory/directive.ts";
import type { TaskScores } from "../policy/policy.ts";
import type { TaskWeight } from "./evaluation.ts";

/** What people made of a task's weight: the product of their standing `weight` directives. */
function factorOf(task: string, directives: readonly Pick<Directive, "body" | "revokedAt">[]): number {
  return directives.reduce(
    (factor, { body, revokedAt }) =>
      body.kind === "weight" && revokedAt === null && body.task === task ? factor * Math.max(0, body.factor) : factor,
    1,
  );
}

/** The config's weights with people's wishes, in config order. */
export function steeredWeights(config: Pick<RunConfig, "tasks">, directives: readonly Pick<Directive, "body" | "revokedAt">[]): number[] {
  return Object.entries(config.tasks).map(([name, task]) => task.weight * factorOf(name, directives));
}

/**
 * Each task's part in the aggregate score, in config order; weights sum to 1. Directives that would leave no task with
 * a weight are not followed: none is taken any more, but older runs may hold them.
 */
export function taskWeights(config: Pick<RunConfig, "tasks">, directives: readonly Directive[]): TaskWeight[] {
  const tasks = Object.entries(config.tasks);
  const steered = steeredWeights(config, directives);
  const weights = steered.some((weight) => weight > 0) ? steered : tasks.map(([, task]) => task.weight);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(sum > 0)) throw new TemperError("bad_config", "No task has a weight over 0: give at least one task a weight.");
  return tasks.map(([task, settings], index) => ({
    task,
    weight: (weights[index] ?? 0) / sum,
    maximum: settings.kind === "lm_eval" ? settings.maximum : 1,
    floor: settings.floor ?? null,
  }));
}

/** Scores in the metrics' own units → scores in [0, 1], by each metric's possible maximum (never the observed one). */
export function normaliseScores(scores: TaskScores, weights: readonly TaskWeight[]): TaskScores {
  return Object.fromEntries(
    weights.flatMap(({ task, maximum }) => {
      const score = scores[task];
      return score === undefined ? [] : [[task, score / maximum]];
    }),
  );
}

/**
 * The paper's Σ αₖ·sₖ with α = weight / possible maximum: in [0, 1] for metrics that start at 0.
 * @param scores mean scores in the metrics' own units, by task. Every task with a weight must be there.
 */
export function aggregate(scores: TaskScores, weights: readonly TaskWeight[]): number {
  return weights.reduce((sum, { task, weight, maximum }) => {
    if (weight === 0) return sum;
    const score = scores[task];
    if (score === undefined) {
      throw new TemperError("not_found", `There is no score for task "${task}": a model is compared when all tasks were evaluated.`, {
        task,
      });
    }
    return sum + (weight * score) / maximum;
  }, 0);
}
