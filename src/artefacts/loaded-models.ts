import { TemperError } from "../errors.ts";
import type { PoolModel } from "../pool/objects.ts";

/**
 * The models whose files are read when a model is loaded, itself first: full weights stand alone, an adapter stands on its
 * parent.
 */
export function loadedModels(id: string, models: ReadonlyMap<string, PoolModel>): PoolModel[] {
  const model = models.get(id);
  if (model === undefined) throw new TemperError("not_found", `The pool has no model ${id}.`, { id });
  const parent = model.parents[0];
  return model.form === "full" || parent === undefined ? [model] : [model, ...loadedModels(parent, models)];
}
