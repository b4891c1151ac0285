import { keyOfTask } from "../action/key.ts";
import type { RunConfig } from "../config/run-config.ts";
import { ContractError } from "../errors.ts";
import type { PoolDataset, PoolModel, RegisteredTask } from "../pool/objects.ts";
import type { PreparedObjects } from "../pool/prepared-objects.ts";

/** The objects of a config, as a run has them. */
export interface RegisteredObjects {
  models: PoolModel[];
  datasets: PoolDataset[];
  tasks: RegisteredTask[];
}

/**
 * What a config names, from what `prepare` said of it, in the order of the config.
 * @param modelIds Id of each base model, by its place.
 * @throws ContractError when `prepare` said nothing of something.
 */
export function registerObjects(
  config: Pick<RunConfig, "models" | "datasets" | "tasks">,
  prepared: PreparedObjects,
  modelIds: (place: number) => string,
): RegisteredObjects {
  return {
    models: Object.keys(config.models).map((name, place) => baseModel(modelIds(place), name, named(prepared.models, "model", name))),
    datasets: Object.keys(config.datasets).map((name) => poolDataset(named(prepared.datasets, "dataset", name))),
    tasks: Object.keys(config.tasks).map((name) => registeredTask(config, named(prepared.tasks, "task", name))),
  };
}

function named<T extends { id: string }>(objects: readonly T[], kind: string, id: string): T {
  const object = objects.find((candidate) => candidate.id === id);
  if (object === undefined)
    throw new ContractError(`prepare said nothing of ${kind} ${id}, which the config names. This is a bug of prepare.`, { kind, id });
  return object;
}

function baseModel(id: string, name: string, prepared: PreparedObjects["models"][number]): PoolModel {
  const { key, path, compatibility, parameters, form } = prepared;
  return { kind: "model", id, name, key, parents: [], trial: null, base: id, depth: 0, compatibility, parameters, path, form };
}

function poolDataset({ id, key, format, rows, mean_tokens: meanTokens, path, overlap }: PreparedObjects["datasets"][number]): PoolDataset {
  return { kind: "dataset", id, key, format, rows, meanTokens, path, ...(overlap === undefined ? {} : { overlap }) };
}

function registeredTask(
  { tasks }: Pick<RunConfig, "tasks">,
  { id, key, items, majority, path }: PreparedObjects["tasks"][number],
): RegisteredTask {
  const settings = tasks[id];
  const kind = settings?.kind ?? "generate";
  return { id, key: keyOfTask(key, settings), kind, items, path, maximum: settings?.kind === "lm_eval" ? settings.maximum : 1, majority };
}
