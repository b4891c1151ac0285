import type { PoolModel } from "#src/pool/objects.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { additions, askToMeasure } from "./additions.ts";
import { evaluateModel } from "./evaluate-model.ts";
import type { RunView } from "./run-view.ts";

/**
 * Measures a model on the tasks that joined after it was made. One that cannot be measured keeps the scores that it has
 * and is not ranked: the run goes on without it.
 * @returns false for a model that is given up.
 */
export async function measureLate(context: DiscoveryContext, view: RunView, model: PoolModel, signal: AbortSignal): Promise<boolean> {
  const outcome = await evaluateModel(context, view, { model, split: "search", batch: additions }, signal);
  if (outcome.status === "ask") return askToMeasure(context, view, model, outcome);
  const why =
    outcome.status === "ok"
      ? null
      : outcome.status === "failed"
        ? `${outcome.reason.replaceAll("_", " ")}. ${outcome.detail}`
        : outcome.why;
  const names = view.run.tasks.flatMap(({ id, joined }) => (joined === undefined ? [] : [id])).join(", ");
  const text =
    why === null
      ? `${model.id} was measured on what joined (${names}).`
      : `${model.id} could not be measured on what joined (${names}): ${why} It is not ranked any more.`;
  await context.store.events.append({
    runId: view.runId,
    kind: "late-measure",
    actor: "conductor",
    trial: null,
    text,
    fields: { model: model.id, measured: why === null },
  });
  return why === null;
}
