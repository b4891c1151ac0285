import { actionKey } from "#src/action/key.ts";
import { baselineActions, noiseRepeats, tiesGridActions, type Baseline, type MadeBaseline } from "#src/policy/baselines.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Estimate, Store, Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { hasResult } from "../discovery/record-result.ts";
import { askForBatch, type BatchVerdict } from "./ask-for-batch.ts";
import { estimateActions } from "./estimate-action.ts";
import { estimateEvaluation } from "./evaluate-model.ts";
import type { RunView } from "./run-view.ts";

/** A fixed trial of the run, ready to be created. */
export interface BaselineStep {
  kind: "baseline" | "repeat";
  label: string;
  action: Baseline["action"];
  key: string;
}

/** What stands now of the fixed baselines. */
export interface BaselineState {
  /** Not created yet, in their order. */
  todo: BaselineStep[];
  /** Created, without a result. */
  underWay: number;
}

/**
 * The fixed baselines of a run: single SFTs and SFT on all, then the TIES grid of the singles and the noise repeats,
 * which need models of the first stretch. Both stretches follow from the store alone.
 */
export async function readBaselines(store: Store, view: RunView): Promise<BaselineState> {
  const { config } = view.run;
  const first = await look(store, view, baselineActions(config, view.datasets, view.bases));
  if (first.todo.length > 0 || first.underWay > 0) return first;
  const singles = first.made.filter((each) => each.label === "single");
  return look(store, view, [...tiesGridActions(config, singles), ...noiseRepeats(config, first.made)]);
}

async function look(store: Store, view: RunView, baselines: readonly Baseline[]) {
  const todo: BaselineStep[] = [];
  const made: (MadeBaseline & { label: string })[] = [];
  let underWay = 0;
  for (const { label, action } of baselines) {
    const key = actionKey(action, { models: view.modelsById, datasets: view.datasetsById });
    const trial = await store.trials.findKey(view.runId, key);
    if (trial === null) todo.push({ kind: label === "noise" ? "repeat" : "baseline", label, action, key });
    else if (!hasResult(trial)) underWay += 1;
    else made.push(...asMade(view, trial).map((each) => ({ ...each, label })));
  }
  return { todo, underWay, made };
}

function asMade(view: RunView, trial: Trial): MadeBaseline[] {
  const model = trial.model === null ? undefined : view.modelsById.get(trial.model);
  const aggregate = model === undefined ? null : view.aggregate(model.id);
  return model === undefined || aggregate === null ? [] : [{ model, action: trial.action, aggregate }];
}

/**
 * Whether bases and baselines may be measured: people are asked once about all of it; without a yes the run goes on
 * without baselines. The repeats of the noise measurement are chosen when the singles are made; each counts as one of
 * those.
 */
export async function admitBaselines(
  context: DiscoveryContext,
  view: RunView,
  bases: readonly PoolModel[],
  todo: readonly BaselineStep[],
): Promise<BatchVerdict> {
  const keys = [...bases.map((model) => model.key), ...todo.map((step) => step.key)];
  // Once a trial is there the batch has been admitted; jobs that then cost more than thought are asked about one by one.
  const estimate = view.nextTrial > 1 ? null : await estimateBaselines(context, view, bases, todo);
  return askForBatch(context, view, { name: "baselines", keys, estimate });
}

async function estimateBaselines(
  context: DiscoveryContext,
  view: RunView,
  bases: readonly PoolModel[],
  todo: readonly BaselineStep[],
): Promise<Estimate | null> {
  const { baselines } = view.run.config;
  const evaluations: Estimate[] = [];
  for (const model of bases) {
    const estimate = await estimateEvaluation(context, view, { model, split: "search", batch: "baselines" });
    if (estimate !== null) evaluations.push(estimate);
  }
  const single = todo.find((step) => step.label === "single") ?? todo[0];
  const count = baselines === false || single === undefined ? 0 : baselines.noise_repeats;
  const repeats = Array.from({ length: count }, () => single).filter((step) => step !== undefined);
  const trainings = await estimateActions(context, view, [...todo, ...repeats]);
  return addEstimates(trainings === null ? evaluations : [...evaluations, trainings]);
}
