import type { PoolModel } from "../pool/objects.ts";
import type { Run, Store } from "../store/store.ts";

/**
 * The base model that a model is compared with and whose scores its floors go by: the one that all its ancestors
 * share; where bases were mixed, the run's first.
 */
export async function baseOfModel(store: Store, run: Pick<Run, "id">, model: Pick<PoolModel, "base">): Promise<PoolModel | null> {
  const base = await store.objects.find(run.id, model.base ?? "m0");
  return base?.kind === "model" ? base : null;
}
