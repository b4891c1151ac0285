import type { PolicyView, TaskScores } from "#src/policy/policy.ts";

/** The weighted mean of a model's task scores under the view's weights; 0 for a model without scores. */
export function aggregateScores(view: PolicyView, scores: TaskScores | undefined): number {
  if (scores === undefined) return 0;
  return view.tasks.reduce((sum, task) => sum + (view.weights[task] ?? 0) * (scores[task] ?? 0), 0);
}
