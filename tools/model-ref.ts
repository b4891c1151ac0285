import { join } from "node:path";
import type { z } from "zod";
import { TemperError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { modelRefSchema } from "./contract/common.ts";
import type { JobView } from "./job-view.ts";

/** Paths may be relative to the home; they become absolute when an attempt is written. */
export type ModelRef = z.infer<typeof modelRefSchema>;

/** Where a model of the pool is on disk: full weights, or the weights it stands on and its adapters, outermost last. */
export function modelRef(view: Pick<JobView, "modelsById">, id: string): ModelRef {
  const model = findModel(view, id);
  if (model.form === "full") return { key: model.key, path: model.path, adapters: [] };
  const parent = model.parents[0];
  if (parent === undefined) {
    throw new TemperError("bad_input", `Model ${id} is an adapter without a parent: register the model that it belongs to.`, { id });
  }
  const below = modelRef(view, parent);
  return { key: model.key, path: below.path, adapters: [...below.adapters, model.path] };
}

/** The model that an action will make, before it is there. */
export function childRef(key: string, parent: ModelRef | null): ModelRef {
  const path = join("models", key);
  return parent === null ? { key, path, adapters: [] } : { key, path: parent.path, adapters: [...parent.adapters, path] };
}

/** @throws TemperError `not_found`. */
export function findModel(view: Pick<JobView, "modelsById">, id: string): PoolModel {
  const model = view.modelsById.get(id);
  if (model === undefined) throw new TemperError("not_found", `The pool has no model ${id}.`, { id });
  return model;
}
