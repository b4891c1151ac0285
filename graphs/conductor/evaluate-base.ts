import type { PoolModel } from "#src/pool/objects.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { additions, askToMeasure, batchOfMeasuring } from "./additions.ts";
import { evaluateModel } from "./evaluate-model.ts";
import type { RunView } from "./run-view.ts";
import { StoppingError } from "./stopping-error.ts";

/**
 * Evaluates a base model on `search`: what every gain is measured against. A base that cannot be evaluated ends the run,
 * since nothing could be compared with it. When the cost has outgrown what was approved, people are asked once more.
 */
export async function evaluateBase(context: DiscoveryContext, view: RunView, model: PoolModel, signal: AbortSignal): Promise<void> {
  const batch = await batchOfMeasuring(context.store, view);
  const outcome = await evaluateModel(context, view, { model, split: "search", batch }, signal);
  const name = model.name ?? model.id;
  if (outcome.status === "failed") {
    throw new StoppingError(`The base model ${name} could not be evaluated: ${outcome.reason.replaceAll("_", " ")}. ${outcome.detail}`);
  }
  if (outcome.status !== "ok" && batch === additions && (await askToMeasure(context, view, model, outcome)) && outcome.status === "ask")
    return;
  if (outcome.status !== "ok") throw new StoppingError(`The base model ${name} may not be evaluated: ${outcome.why}.`);
  const { warnings } = outcome;
  await view.refresh();
  const score = view.aggregate(model.id);
  await context.store.events.append({
    runId: view.runId,
    kind: "base-evaluate",
    actor: "conductor",
    trial: null,
    text: [`Base ${model.id} (${name}) scores ${score?.toFixed(3) ?? "nothing"} on the search split.`, ...warnings].join(" "),
    fields: { model: model.id, score, warnings },
  });
}
