import { actionKey } from "#src/action/key.ts";
import { baselineActions, noiseRepeats, tiesGridActions, type Baseline, type MadeBaseline } from "#src/policy/baselines.ts";
import type { Store, Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { hasResult } from "../discovery/record-result.ts";
import { askForBatch, type BatchVerdict } from "./ask-for-batch.ts";
import { estimateActions } from "./estimate-action.ts";
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
 * Whether the baselines may start: people are asked once about all of them, without a yes the run goes on without.
 * The repeats of the noise measurement are chosen when the singles are made; each counts as one of those.
 */
export async function admitBaselines(context: DiscoveryContext, view: RunView, todo: readonly BaselineStep[]): Promise<BatchVerdict> {
  const { baselines } = view.run.config;
  const isBegun = view.nextTrial > 1;
  const singles = isBegun || baselines === false ? [] : todo.filter((step) => step.label === "single");
  const repeats = singles
    .slice(0, 1)
    .flatMap((step) => Array.from({ length: baselines === false ? 0 : baselines.noise_repeats }, () => step));
  const estimate = isBegun ? null : await estimateActions(context, view, [...todo, ...repeats]);
  return askForBatch(context, view, { name: "baselines", keys: todo.map((step) => step.key), estimate });
}
