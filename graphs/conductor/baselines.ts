import { actionKey } from "#src/action/key.ts";
import { baselineSequels } from "#src/policy/baseline-sequels.ts";
import { baselineActions, noiseRepeats, tiesGridActions, type Baseline, type MadeBaseline } from "#src/policy/baselines.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Estimate, Store, Trial } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { hasResult } from "../discovery/record-result.ts";
import { askForBatch, type BatchVerdict } from "./ask-for-batch.ts";
import { estimateActions, type PlannedAction } from "./estimate-action.ts";
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
  /** Not to be created before people have said whether their action type goes on. */
  held: number;
  /** What cannot be known before those are made: people are asked about it with them. */
  sequels: { keys: string[]; expected: PlannedAction[] };
}

const noSequels: BaselineState["sequels"] = { keys: [], expected: [] };

/**
 * The fixed baselines of a run: single SFTs and SFT on all, then the TIES grid of the singles and the noise repeats,
 * which need models of the first stretch. Both stretches follow from the store alone.
 */
export async function readBaselines(store: Store, view: RunView): Promise<BaselineState> {
  const { config } = view.run;
  const actions = baselineActions(config, view.datasets, view.bases);
  const first = await look(store, view, actions);
  if (first.todo.length > 0 || first.underWay > 0 || first.held > 0) return { ...first, sequels: readSequels(view, actions) };
  const singles = first.made.filter((each) => each.label === "single");
  const second = await look(store, view, [...tiesGridActions(config, singles), ...noiseRepeats(config, first.made)]);
  return { ...second, sequels: noSequels };
}

function readSequels(view: RunView, first: readonly Baseline[]): BaselineState["sequels"] {
  const keyed = first.map((baseline) => ({ ...baseline, key: keyOf(view, baseline.action) }));
  const models = new Map([...view.modelsById, ...keyed.map(({ key }) => [key, { key }] as const)]);
  const plan = ({ action }: Baseline) => ({ action, key: actionKey(action, { models, datasets: view.datasetsById }) });
  const { possible, expected } = baselineSequels(view.run.config, keyed);
  return { keys: possible.map((baseline) => plan(baseline).key), expected: expected.map(plan) };
}

function keyOf(view: RunView, action: Baseline["action"]): string {
  return actionKey(action, { models: view.modelsById, datasets: view.datasetsById });
}

async function look(store: Store, view: RunView, baselines: readonly Baseline[]) {
  const todo: BaselineStep[] = [];
  const made: (MadeBaseline & { label: string })[] = [];
  const paused = new Map(view.pausedTypes.map(({ type, state }) => [type, state]));
  let underWay = 0;
  let held = 0;
  for (const { label, action } of baselines) {
    const key = keyOf(view, action);
    const trial = await store.trials.findKey(view.runId, key);
    const pause = trial === null ? paused.get(action.type) : undefined;
    if (pause === "asked") held += 1;
    else if (pause === "out") continue;
    else if (trial === null) todo.push({ kind: label === "noise" ? "repeat" : "baseline", label, action, key });
    else if (!hasResult(trial)) underWay += 1;
    else made.push(...asMade(view, trial).map((each) => ({ ...each, label })));
  }
  return { todo, underWay, held, made };
}

function asMade(view: RunView, trial: Trial): MadeBaseline[] {
  const model = trial.model === null ? undefined : view.modelsById.get(trial.model);
  const aggregate = model === undefined ? null : view.aggregate(model.id);
  return model === undefined || aggregate === null ? [] : [{ model, action: trial.action, aggregate }];
}

/**
 * Whether bases and baselines may be measured: people are asked once about all of it; without a yes the run goes on
 * without baselines. What is merged and repeated is chosen when the singles are made: all that it can be is asked about.
 */
export async function admitBaselines(
  context: DiscoveryContext,
  view: RunView,
  bases: readonly PoolModel[],
  { todo, sequels }: Pick<BaselineState, "todo" | "sequels">,
): Promise<BatchVerdict> {
  const keys = [...new Set([...bases.map((model) => model.key), ...todo.map((step) => step.key), ...sequels.keys])];
  const estimate = async () => {
    // Once a trial is there the batch was admitted; jobs that then cost more than thought are asked about one by one.
    const isAdmitted = view.nextTrial > 1 && (await context.store.approvals.latestOfBatch(view.runId, "baselines")) === null;
    return isAdmitted ? null : await estimateBaselines(context, view, bases, [...todo, ...sequels.expected]);
  };
  return askForBatch(context, view, { name: "baselines", keys, estimate });
}

async function estimateBaselines(
  context: DiscoveryContext,
  view: RunView,
  bases: readonly PoolModel[],
  actions: readonly PlannedAction[],
): Promise<Estimate | null> {
  const evaluations: Estimate[] = [];
  for (const model of bases) {
    const estimate = await estimateEvaluation(context, view, { model, split: "search", batch: "baselines" });
    if (estimate !== null) evaluations.push(estimate);
  }
  const trainings = await estimateActions(context, view, actions);
  return addEstimates(trainings === null ? evaluations : [...evaluations, trainings]);
}
