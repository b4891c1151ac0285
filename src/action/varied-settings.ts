import type { RunConfig } from "../config/run-config.ts";
import type { ActionTypeName } from "./action.ts";
import { flattenSearch } from "./setting-space.ts";

/** Hyper-parameters of an action type that a run varies: what tells its settings apart in sentences. */
export function variedSettings(config: Pick<RunConfig, "actions">, type: ActionTypeName): string[] {
  const search = config.actions[type];
  if (search === undefined) return [];
  return [...flattenSearch(search)].flatMap(([name, value]) => (Array.isArray(value) && value.length < 2 ? [] : [name]));
}
