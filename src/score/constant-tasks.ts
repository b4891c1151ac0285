import type { TaskScores } from "../policy/policy.ts";

/** So many models do not score the same by chance: what they share is the metric. */
const fewestModels = 4;

/** Tasks on which all these models scored the same; none while there are too few models to say so. */
export function constantTasks(models: readonly TaskScores[], tasks: readonly string[]): string[] {
  return tasks.filter((task) => {
    const scores = models.flatMap((model) => model[task] ?? []);
    return scores.length >= fewestModels && new Set(scores).size === 1;
  });
}

/** What people should know of such a task. */
export function describeConstantTask(task: string): string {
  return `Task ${task} gave every model the same score: check its metric or verifier.`;
}
