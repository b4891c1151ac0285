import { hash } from "node:crypto";
import type { TaskConfig } from "../config/run-config.ts";
import { TemperError } from "../errors.ts";
import type { Split } from "../pool/objects.ts";
import { evaluatorVersion } from "../score/evaluation.ts";
import { actionTypes } from "./action-types.ts";
import type { Action, Setting } from "./action.ts";
import { orderByKeys } from "./canonical-action.ts";
import { canonicalJson } from "./canonical-json.ts";
import { mixtureTemperature, withoutTemperature } from "./mixture-temperature.ts";

/** What `actionKey` needs of a pool: the key of each model and dataset by id. */
export interface KeyedObjects {
  models: ReadonlyMap<string, { key: string }>;
  datasets: ReadonlyMap<string, { key: string }>;
}

/** First 160 bits of sha256 as 40 hex characters: short enough for paths, job names and people's eyes. */
function digest(value: unknown): string {
  return hash("sha256", canonicalJson(value), "hex").slice(0, 40);
}

function keyOf(objects: ReadonlyMap<string, { key: string }>, kind: string, id: string): string {
  const object = objects.get(id);
  if (object === undefined) throw new TemperError("not_found", `No ${kind} "${id}" in the pool: an action on it has no key.`, { id });
  return object.key;
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** A temperature that changes nothing is none: with it and without, it is the same training. */
function keyedSetting({ datasets }: Action, setting: Setting): Setting {
  return datasets.length < 2 || setting[mixtureTemperature] === 1 ? withoutTemperature(setting) : setting;
}

/**
 * What an action *is*: a hash over action type, parents' keys, dataset content hashes, setting, training seed,
 * fidelity and the script's result version. Ids do not count, nothing of the machine does; so the same action in
 * another run has the same key.
 */
export function actionKey(action: Action, objects: KeyedObjects): string {
  const models = action.models.map((id) => keyOf(objects.models, "model", id));
  const datasets = action.datasets.map((id) => keyOf(objects.datasets, "dataset", id));
  const sorted = orderByKeys({ ...action, models, datasets }, (key) => key);
  return digest({
    type: action.type,
    models: sorted.models,
    datasets: sorted.datasets,
    setting: keyedSetting(action, sorted.setting),
    seed: action.seed,
    fidelity: action.fidelity,
    resultVersion: actionTypes[action.type].resultVersion,
  });
}

/**
 * Key of a task: what registration hashed (items, verifier, few-shot, token limit) and, where they are not the usual
 * ones, the settings that only the evaluation sees.
 */
export function keyOfTask(registered: string, task: TaskConfig | undefined): string {
  const settings: Record<string, string | number | boolean> = {};
  if (task?.kind === "generate" && task.chat_template === false) settings["chat_template"] = false;
  if (task?.kind === "lm_eval" && task.metric !== "acc") settings["metric"] = task.metric;
  if (task?.kind === "lm_eval" && task.num_fewshot !== undefined) settings["num_fewshot"] = task.num_fewshot;
  return Object.keys(settings).length === 0 ? registered : digest({ registered, settings });
}

/** Key of one model's result on one split of one task. */
export function evaluationKey(modelKey: string, taskKey: string, split: Split): string {
  return digest({ modelKey, taskKey, split, evaluatorVersion });
}

/** Key of a named batch: what exactly people approve. The order of its members does not count. */
export function batchKey(keys: readonly string[]): string {
  return digest({ batch: keys.toSorted(byCodeUnit) });
}
