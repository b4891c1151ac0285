import { TemperError } from "#src/errors.ts";
import type { PoolModel, Split } from "#src/pool/objects.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { evaluateModel } from "./evaluate-model.ts";
import type { RunView } from "./run-view.ts";

/**
 * Evaluates models on a split, as part of `finalize`; known results cost nothing.
 * @throws TemperError naming the first that could not be read; calling again goes on.
 */
export async function readSplit(
  context: DiscoveryContext,
  view: RunView,
  models: readonly PoolModel[],
  split: Split,
  signal?: AbortSignal,
): Promise<void> {
  const unique = new Map(models.map((model) => [model.key, model]));
  const outcomes = await Promise.all(
    [...unique.values()].map(async (model) => ({
      model,
      outcome: await evaluateModel(context, view, { model, split, batch: "finalize" }, signal),
    })),
  );
  for (const { model, outcome } of outcomes) {
    if (outcome.status === "ok") continue;
    const why = outcome.status === "failed" ? `${outcome.reason.replaceAll("_", " ")}. ${outcome.detail}` : outcome.why;
    throw new TemperError("engine", `${model.id} could not be evaluated on \`${split}\`: ${why} Call finalize again to go on.`, {
      model: model.id,
    });
  }
}
