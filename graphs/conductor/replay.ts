import type { Action } from "#src/action/action.ts";
import { canonicalAction } from "#src/action/canonical-action.ts";
import { actionKey } from "#src/action/key.ts";
import { TemperError } from "#src/errors.ts";
import { recipeActions, type Recipe } from "#src/pipeline/recipe.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import type { Measured } from "#src/score/evaluation.ts";
import type { Trial } from "#src/store/store.ts";
import { readPublishedReply } from "#tools/jobs/read-reply.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { askForBatch } from "./ask-for-batch.ts";
import { estimateActions, type PlannedAction } from "./estimate-action.ts";
import { ensureModels } from "./ensure-models.ts";
import type { RunView } from "./run-view.ts";
import type { TrialThreads } from "./trial-threads.ts";

/** A step of the recipe, made again. */
export interface ReplayedStep {
  step: string;
  model: string | null;
  failure: string | null;
  /** What happened, for a step that failed. */
  detail: string | null;
  /** False when something that the model is made of has changed: data, settings, a script's result version. */
  sameKey: boolean;
  /** Null where the recipe has no hash. */
  sameHash: boolean | null;
  fromCache: boolean;
}

export interface ReplayReport {
  steps: ReplayedStep[];
  /** The result's score on `search`, against what the recipe expects. */
  score: { measured: Measured; expected: { mean: number; low: number; high: number } | null; isWithin: boolean | null } | null;
  /** Every hash that the recipe knows came out again. */
  isIdentical: boolean;
}

export type ReplayOutcome = { status: "ok" | "failed"; report: ReplayReport } | { status: "ask" | "refused"; why: string };

/** What a replay runs on; `runId` is a run made from `recipeConfig(recipe)`. */
export interface ReplayOptions {
  context: DiscoveryContext;
  threads: TrialThreads;
  runId: string;
  recipe: Recipe;
  signal?: AbortSignal;
}

/**
 * Builds a pipeline again from its recipe, without any agent: each step is a trial of the replay's run, known keys are
 * answered from what is there. Called again it goes on where it was; a run whose step failed is over.
 */
export async function replayRecipe({ context, threads, runId, recipe, signal }: ReplayOptions): Promise<ReplayOutcome> {
  const { view } = await context.desk(runId);
  await view.refresh();
  const verdict = await askOnce(context, view, recipe);
  if (verdict === "wait") return { status: "ask", why: "the replay waits for an approval" };
  if (verdict === "leave-out") return { status: "refused", why: "the replay was not approved" };
  const ids = new Map(view.bases.map((base) => [base.name ?? base.id, base.id]));
  const steps: ReplayedStep[] = [];
  for (const { step, action } of recipeActions(recipe)) {
    const trial = await claim(context, view, step, withIds(action, ids));
    const ending = await threads.resume(
      { runId, number: trial.number, claimed: true, lane: 1 },
      { signal: signal ?? new AbortController().signal, onNode: () => undefined },
    );
    if (ending === "parked") return { status: "ask", why: `step ${step} waits for an approval` };
    await view.refresh();
    const done = await context.store.trials.find(runId, trial.number);
    steps.push(await compareStep(context, recipe, step, done ?? trial));
    if (done?.model == null) {
      await context.store.runs.setState(runId, ["running"], "failed", `step ${step} failed`);
      return { status: "failed", report: { steps, score: null, isIdentical: false } };
    }
    ids.set(step, done.model);
  }
  const result = ids.get(recipe.result) ?? "";
  const batch = { name: "replay", members: [view.modelsById.get(result)?.key ?? result] };
  const lacking = await ensureModels(context, view, [result], { trial: null, batch, signal });
  if (lacking !== null) return lacking.status === "failed" ? { status: "refused", why: lacking.detail } : lacking;
  const report = await compareResult(context, view, recipe, steps, ids.get(recipe.result));
  await context.store.runs.setState(runId, ["running"], "finished", "the replay is done");
  return { status: "ok", report };
}

function withIds(action: Action, ids: ReadonlyMap<string, string>): Action {
  const models = action.models.map((name) => {
    const id = ids.get(name);
    if (id === undefined) throw new TemperError("not_found", `The recipe uses model ${name}, which no step makes.`, { name });
    return id;
  });
  return canonicalAction({ ...action, models });
}

async function askOnce(context: DiscoveryContext, view: RunView, recipe: Recipe) {
  const planned = planSteps(view, recipe);
  const keys = planned.map(({ key }) => key);
  return askForBatch(context, view, { name: "replay", keys, estimate: () => estimateActions(context, view, planned) });
}

/** The recipe's steps with the keys that they have here: data or a script may have changed since it was written. */
function planSteps(view: RunView, recipe: Recipe): PlannedAction[] {
  const models = new Map(view.bases.map((base) => [base.name ?? base.id, { key: base.key }]));
  return recipeActions(recipe).map(({ step, action }) => {
    const key = actionKey(canonicalAction(action), { models, datasets: view.datasetsById });
    models.set(step, { key });
    return { action, key };
  });
}

async function claim({ store }: DiscoveryContext, view: RunView, label: string, action: Action): Promise<Trial> {
  const { runId } = view;
  const key = actionKey(action, { models: view.modelsById, datasets: view.datasetsById });
  const trial =
    (await store.trials.create({ runId, kind: "replay", label, action, key, lane: 1 })) ?? (await store.trials.findKey(runId, key));
  if (trial === null) throw new TemperError("conflict", `Step ${label} could not be claimed in run ${view.run.name}.`, { key });
  return trial;
}

async function compareStep(context: DiscoveryContext, recipe: Recipe, name: string, trial: Trial): Promise<ReplayedStep> {
  const step = recipe.steps.find((candidate) => candidate.name === name);
  const reply = await readPublishedReply(context.jobs.home, trial.key);
  const hash = reply?.status === "ok" ? reply.metrics.model_hash : null;
  return {
    step: name,
    model: trial.model,
    failure: trial.failure,
    detail: trial.failure === null ? null : trial.detail,
    sameKey: step?.key === trial.key,
    sameHash: step?.model_hash === undefined ? null : step.model_hash === hash,
    fromCache: trial.fromCache,
  };
}

async function compareResult(
  { store }: DiscoveryContext,
  view: RunView,
  recipe: Recipe,
  steps: ReplayedStep[],
  resultId: string | undefined,
): Promise<ReplayReport> {
  const scores = await ModelScores.open(store, view.run, "search");
  const outcomes = resultId === undefined ? null : await scores.outcomes(view.model(resultId));
  const measured = outcomes === null ? null : scores.measure(outcomes);
  const expected = recipe.expected.find(({ split }) => split === "search")?.score ?? null;
  const isWithin = measured === null || expected === null ? null : measured.mean >= expected.low && measured.mean <= expected.high;
  const isIdentical = steps.every((step) => step.sameHash !== false && step.sameKey);
  return { steps, score: measured === null ? null : { measured, expected, isWithin }, isIdentical };
}
