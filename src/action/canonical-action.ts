import { actionTypes } from "./action-types.ts";
import type { Action, Setting } from "./action.ts";
import { compareIds } from "./compare-ids.ts";
import { settingFor } from "./mixture-temperature.ts";

/**
 * The setting with its keys in code-unit order, so that equal settings are equal JSON. One that has them so already comes
 * back as it is: the many candidates of a proposal then share a few settings.
 */
export function canonicalSetting(setting: Setting): Setting {
  if (isInOrder(Object.keys(setting))) return setting;
  return Object.fromEntries(Object.entries(setting).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isInOrder(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") < key);
}

/**
 * Sorts an unordered merge's parents by `compare`; weights go with their parents.
 * Parents and setting come back as they are when the order matters.
 */
export function sortParents(action: Action, compare: (a: string, b: string) => number): Pick<Action, "models" | "setting"> {
  const ordered = actionTypes[action.type].slots.some((slot) => slot.kind === "model" && slot.ordered);
  if (ordered) return { models: [...action.models], setting: action.setting };
  const { weights } = action.setting;
  if (!Array.isArray(weights)) return { models: action.models.toSorted(compare), setting: action.setting };
  const pairs = action.models.map((model, index) => ({ model, weight: weights[index] ?? 0 })).toSorted((a, b) => compare(a.model, b.model));
  const unused = weights.slice(action.models.length);
  return {
    models: pairs.map((pair) => pair.model),
    setting: { ...action.setting, weights: [...pairs.slice(0, weights.length).map((pair) => pair.weight), ...unused] },
  };
}

/**
 * The action with its unordered objects in the order of their keys. Scripts get them in this order, so that one key
 * means one result, whatever the objects are called in a run.
 */
export function orderByKeys(action: Action, keyOf: (id: string) => string): Pick<Action, "models" | "datasets" | "setting"> {
  const byKey = (a: string, b: string) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0);
  return { ...sortParents(action, byKey), datasets: action.datasets.toSorted(byKey) };
}

/**
 * The one way to write an action: unordered objects sorted by id (weights travel with their models), setting keys sorted,
 * no temperature where one dataset is all there is.
 */
export function canonicalAction(action: Action): Action {
  const { models, setting } = sortParents(action, compareIds);
  return {
    type: action.type,
    models,
    datasets: action.datasets.toSorted(compareIds),
    setting: canonicalSetting(settingFor(action.datasets.length, setting)),
    seed: action.seed,
    fidelity: { data: action.fidelity.data, steps: action.fidelity.steps },
  };
}
