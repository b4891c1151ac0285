import type { Action } from "../action/action.ts";
import { UserInputError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";
import { type Lineage, lineageOf } from "./lineage.ts";

/** A model's lineage with the pool's models and the actions that made its ancestors, by model id. */
export interface ReadLineage {
  lineage: Lineage;
  models: ReadonlyMap<string, PoolModel>;
  actions: ReadonlyMap<string, Action>;
}

/**
 * Reads how a model of a run was made.
 * @throws UserInputError when the run has no such model.
 */
export async function readLineage(store: Store, run: Pick<Run, "id" | "name">, modelId: string): Promise<ReadLineage> {
  const models = new Map((await store.objects.models(run.id)).map((model) => [model.id, model]));
  if (!models.has(modelId)) {
    const known = [...models.keys()];
    throw new UserInputError(
      `There is no model ${modelId} in run ${run.name}: it has ${known[0]} to ${known.at(-1)}.`,
      { modelId },
      "not_found",
    );
  }
  const actions = new Map<string, Action>();
  for (const { id, trial } of lineageOf(modelId, models, actions).nodes) {
    const record = trial === null ? null : await store.trials.find(run.id, trial);
    if (record !== null) actions.set(id, record.action);
  }
  return { lineage: lineageOf(modelId, models, actions), models, actions };
}
