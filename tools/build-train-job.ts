import { actionTypes } from "#src/action/action-types.ts";
import { type Action, isMerge, isPreference } from "#src/action/action.ts";
import { orderByKeys } from "#src/action/canonical-action.ts";
import { rowWeights, withoutTemperature } from "#src/action/mixture-temperature.ts";
import { baseOf } from "#src/action/types/merging.ts";
import { TemperError } from "#src/errors.ts";
import type { PoolDataset, PoolModel } from "#src/pool/objects.ts";
import { runOfTrial } from "#src/pool/run-of-trial.ts";
import type { Trial } from "#src/store/store.ts";
import { evaluateStep } from "./evaluate-step.ts";
import type { JobSpec, JobSpecStep } from "./job-spec.ts";
import type { JobView } from "./job-view.ts";
import { childRef, findModel, modelRef } from "./model-ref.ts";

/** The job of a trial: makes the action's model, publishes it, and evaluates it on the `search` split of all tasks that the trial knows. */
export function buildTrainJob(view: JobView, trial: Pick<Trial, "number" | "action" | "key">): JobSpec {
  const { key } = trial;
  const action = {
    ...trial.action,
    ...orderByKeys(trial.action, (id) => (view.modelsById.get(id) ?? view.datasetsById.get(id))?.key ?? id),
  };
  const models = action.models.map((id) => findModel(view, id));
  const step = trainStep(view, action, key, models);
  const parent = action.models[0];
  const isAdapter = !isMerge(action.type) && action.setting["peft_r"] != null && parent !== undefined;
  const child = childRef(key, isAdapter ? modelRef(view, parent) : null);
  return {
    run: view.run.id,
    trial: trial.number,
    batch: null,
    key,
    actionType: action.type,
    purpose: "train",
    steps: [step, evaluateStep(runOfTrial(view.run, trial.number), child, models[0]?.parameters ?? 0, "search")],
  };
}

function trainStep(view: JobView, action: Action, key: string, models: readonly PoolModel[]): JobSpecStep {
  const datasets = action.datasets.map((id) => findDataset(view, id));
  const { script, cost } = actionTypes[action.type];
  const work = cost(models, datasets, action.setting).work * action.fidelity.steps;
  const shared = { name: "train", script, key, seed: action.seed, publish: true, work } as const;
  if (isMerge(action.type)) return { ...shared, ...mergeParts(view, action, models) };
  const model = modelRef(view, action.models[0] ?? "");
  const weights = rowWeights(
    datasets.map(({ rows }) => rows),
    action.setting,
  );
  const refs = datasets.map(({ key: datasetKey, path, format, rows }, index) => ({
    key: datasetKey,
    path,
    format,
    rows,
    weight: weights[index] ?? 1,
  }));
  if (isPreference(action.type)) {
    const inputs = { model, dataset: refs[0], fidelity: action.fidelity };
    return { ...shared, inputs, settings: { ...action.setting, method: action.type } };
  }
  return { ...shared, inputs: { model, datasets: refs, fidelity: action.fidelity }, settings: withoutTemperature(action.setting) };
}

/** A merge by mergekit's names. `equal` weights are 1 each: averages normalise, task arithmetic adds whole task vectors. */
function mergeParts(view: JobView, { type, setting, models: ids }: Action, models: readonly PoolModel[]) {
  const method = type.slice("merge_".length);
  const isTaskVector = method !== "linear" && method !== "slerp";
  const first = models[0];
  const base = first === undefined ? null : baseOf(first);
  return {
    inputs: { models: ids.map((id) => modelRef(view, id)), base_model: isTaskVector && base !== null ? modelRef(view, base) : null },
    settings: {
      merge_method: method,
      weights: Array.isArray(setting["weights"]) ? setting["weights"] : ids.map(() => 1),
      density: setting["density"] ?? null,
      lambda: setting["lambda"] ?? null,
      t: setting["t"] ?? null,
      dtype: null,
    },
  };
}

function findDataset(view: JobView, id: string): PoolDataset {
  const dataset = view.datasetsById.get(id);
  if (dataset === undefined) throw new TemperError("not_found", `The pool has no dataset ${id}.`, { id });
  return dataset;
}
