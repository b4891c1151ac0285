import type { TaskScores } from "../policy/policy.ts";

/** Ids of the models that no other is at least as good as on every task and better on one. Weights play no part. */
export function paretoSet(models: ReadonlyMap<string, TaskScores>, tasks: readonly string[]): string[] {
  const beats = (a: TaskScores, b: TaskScores) =>
    tasks.every((task) => (a[task] ?? 0) >= (b[task] ?? 0)) && tasks.some((task) => (a[task] ?? 0) > (b[task] ?? 0));
  return [...models].filter(([, scores]) => ![...models.values()].some((other) => beats(other, scores))).map(([id]) => id);
}
