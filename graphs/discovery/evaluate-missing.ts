import { evaluationKey } from "#src/action/key.ts";
import type { Trial } from "#src/store/store.ts";
import { buildMissingJob } from "#tools/build-missing-job.ts";
import { recordEvaluations } from "../conductor/record-evaluations.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf } from "./question-of.ts";

/**
 * Evaluates what a trial made on the tasks that joined the run while its job was under way. What cannot be done now is
 * left to the conductor, which measures what lacks scores before it goes on.
 * @returns what people should know of the result.
 */
export async function evaluateMissing(context: DiscoveryContext, trial: Trial, signal: AbortSignal | undefined): Promise<string[]> {
  const { view: before } = await context.desk(trial.runId);
  await before.refreshResults();
  const { view } = await context.desk(trial.runId);
  const late = view.run.tasks.filter(({ joined }) => joined !== undefined);
  if (late.length === 0) return [];
  const known = new Set((await context.store.evaluations.ofModels([trial.key], "search")).map(({ key }) => key));
  const missing = late.filter((task) => !known.has(evaluationKey(trial.key, task.key, "search")));
  if (missing.length === 0) return [];
  const outcome = await context.runJob({ ...buildMissingJob(view, trial, missing), batch: batchOf(trial) }, signal);
  if (outcome.status !== "ok" || outcome.replies.evaluate === undefined) return [];
  return recordEvaluations(context, { ...view.run, tasks: missing }, trial.key, "search", outcome.replies.evaluate);
}
