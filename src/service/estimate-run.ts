import { actionTypes } from "../action/action-types.ts";
import { type Action, type ActionTypeName, isMerge } from "../action/action.ts";
import { ChoiceSpace } from "../action/choice-space.ts";
import type { SpaceSize } from "../action/space.ts";
import { addEstimates } from "../budget/add-estimates.ts";
import type { CostModel } from "../budget/cost-model.ts";
import { whyAsk } from "../budget/why-ask.ts";
import type { RunConfig } from "../config/run-config.ts";
import { baselineActions } from "../policy/baselines.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Estimate } from "../store/store.ts";

/** What a run will do and cost, as far as it can be known before it starts. */
export interface RunEstimate {
  /** The action space at the start: it grows with every model that is made. */
  space: SpaceSize;
  baselines: { count: number; total: Estimate | null };
  /** Each action type at the start: its dearest action. Merges count as one of the bases. */
  types: { type: ActionTypeName; dearest: Estimate; asks: string | null }[];
  /** Baselines and `budget.trials` average actions. */
  total: { deviceHoursP50: number; deviceHoursP90: number; usdP50: number; usdP90: number };
  /** Why people are asked about the baselines at once, or null. */
  baselinesAsk: string | null;
}

interface Input {
  config: RunConfig;
  models: readonly PoolModel[];
  datasets: readonly PoolDataset[];
  /** Items of all tasks on `search`, as `costedItems` counts them. */
  items: number;
  costModel: CostModel;
  devices: number;
}

/** Actions of a type that are looked at; beyond that a sample says as much. */
const mostLookedAt = 500;

function estimatesOf({ config, models, datasets, items, costModel, devices }: Input) {
  const byModel = new Map(models.map((model) => [model.id, model]));
  const byDataset = new Map(datasets.map((dataset) => [dataset.id, dataset]));
  const ofWork = (actionType: ActionTypeName, work: number, parameters: number) =>
    costModel.estimate({ actionType, work: work + parameters * items, usdPerDeviceHour: config.budget.usd_per_device_hour, devices });
  return {
    ofAction(action: Action): Estimate {
      const parents = action.models.flatMap((id) => byModel.get(id) ?? []);
      const data = action.datasets.flatMap((id) => byDataset.get(id) ?? []);
      const { work } = actionTypes[action.type].cost(parents, data, action.setting);
      return ofWork(action.type, work, parents[0]?.parameters ?? 0);
    },
    /** Nothing can be merged before something was trained: stands for a merge of two. */
    ofMerge(type: ActionTypeName): Estimate {
      const parameters = Math.max(0, ...models.map((model) => model.parameters));
      return ofWork(type, parameters * 2, parameters);
    },
  };
}

function firstOf<T>(values: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const value of values) {
    if (first.length === most) break;
    first.push(value);
  }
  return first;
}

const mean = (values: readonly number[]) => (values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length);

/** Estimates a run from its config and its registered objects. */
export function estimateRun(input: Input): RunEstimate {
  const { config, models, datasets } = input;
  const space = new ChoiceSpace(config);
  for (const model of models) space.addModel(model);
  for (const dataset of datasets) space.addDataset(dataset);
  const estimates = estimatesOf(input);
  const all: Estimate[] = [];
  const types = space.types.map((type) => {
    const own = isMerge(type)
      ? [estimates.ofMerge(type)]
      : firstOf(space.iterate(type), mostLookedAt).map((action) => estimates.ofAction(action));
    all.push(...own);
    const [dearest = estimates.ofMerge(type)] = own.toSorted((a, b) => b.deviceHoursP90 - a.deviceHoursP90);
    return { type, dearest, asks: whyAsk(config, dearest) };
  });
  const fixed = baselineActions(config, datasets, models).map(({ action }) => estimates.ofAction(action));
  const repeats = config.baselines === false ? 0 : config.baselines.noise_repeats;
  const [dearestFixed] = fixed.toSorted((a, b) => b.deviceHoursP90 - a.deviceHoursP90);
  const baselines = [...fixed, ...(dearestFixed === undefined ? [] : Array.from({ length: repeats }, () => dearestFixed))];
  const total = addEstimates(baselines);
  const sum = (pick: (estimate: Estimate) => number) => (total === null ? 0 : pick(total)) + config.budget.trials * mean(all.map(pick));
  return {
    space: space.size(),
    baselines: { count: baselines.length, total },
    types,
    total: {
      deviceHoursP50: sum(({ deviceHoursP50 }) => deviceHoursP50),
      deviceHoursP90: sum(({ deviceHoursP90 }) => deviceHoursP90),
      usdP50: sum(({ usdP50 }) => usdP50),
      usdP90: sum(({ usdP90 }) => usdP90),
    },
    baselinesAsk: total === null ? null : whyAsk(config, total),
  };
}
