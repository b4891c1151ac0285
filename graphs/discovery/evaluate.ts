import { evaluationKey } from "#src/action/key.ts";
import { isMerge } from "#src/action/action.ts";
import { ContractError } from "#src/errors.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import { didItLearn } from "#src/score/did-it-learn.ts";
import type { Trial } from "#src/store/store.ts";
import type { OkTrainReply } from "#tools/contract/replies.ts";
import { modelDirectory } from "#tools/jobs/attempt-files.ts";
import { recordEvaluations } from "../conductor/record-evaluations.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import { hasResult, recordResult, type TrialResult } from "./record-result.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";
import { takeTrialOutcome, trialCost } from "./trial-job.ts";

/**
 * Reads the evaluation step's reply, or has one made, on the `search` split; stores each item's outcome, asks whether
 * the model learnt, and lets it join the pool.
 */
export async function evaluate(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const { view } = await context.desk(state.runId);
  const trial = await context.store.trials.find(state.runId, state.number);
  if (trial === null || hasResult(trial)) return { turn: "go" };
  const outcome = await takeTrialOutcome(context, view, trial, signal);
  if (outcome.status === "ask") return { turn: "ask" };
  await recordResult(context, view, trial.number, await resultOf(context, view, trial, outcome));
  return { turn: "go" };
}

type Ended = Exclude<Awaited<ReturnType<typeof takeTrialOutcome>>, { status: "ask" }>;

async function resultOf(context: DiscoveryContext, view: RunView, trial: Trial, outcome: Ended): Promise<TrialResult> {
  if (outcome.status === "refused") return { kind: "skipped", reason: "refused", detail: outcome.why };
  const { deviceSeconds, hasJob } = await trialCost(context, trial);
  const { train, evaluate: evaluation } = outcome.replies;
  const steps = train?.metrics.steps ?? 0;
  if (outcome.status === "failed") return { kind: "failed", reason: outcome.reason, detail: outcome.detail, steps, deviceSeconds };
  if (train === undefined || evaluation === undefined) {
    throw new ContractError(`The job of trial ${trial.number} ended well but lacks a reply.`, { key: trial.key });
  }
  let warnings = train.warnings;
  try {
    warnings = [...warnings, ...(await recordEvaluations(context, view.run, trial.key, "search", evaluation))];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return { kind: "failed", reason: "bad_reply", detail: error.message, steps, deviceSeconds };
  }
  const { form, parameters } = train.metrics;
  const { learnt, reason } = await askWhetherItLearnt(context, view, trial, train);
  const path = modelDirectory(context.jobs.home, trial.key);
  return { kind: "made", path, form, parameters, learnt, detail: reason, warnings, steps, deviceSeconds, fromCache: !hasJob };
}

async function askWhetherItLearnt(context: DiscoveryContext, view: RunView, trial: Trial, train: OkTrainReply) {
  if (isMerge(trial.action.type)) return { learnt: null, reason: null };
  const parent = trial.action.models[0] ?? "";
  return didItLearn({
    weightChange: train.metrics.weight_change,
    lossFirst: train.metrics.train_loss_first,
    lossLast: train.metrics.train_loss_last,
    childOutcomes: await searchOutcomes(context, view, trial.key),
    parentOutcomes: await searchOutcomes(context, view, view.model(parent).key),
  });
}

async function searchOutcomes({ store }: DiscoveryContext, view: RunView, modelKey: string): Promise<OutcomesByTask> {
  const outcomes = new Map<string, Float32Array>();
  for (const task of view.run.tasks) {
    const found = await store.evaluations.outcomes(evaluationKey(modelKey, task.key, "search"));
    if (found !== null) outcomes.set(task.id, found.strict);
  }
  return outcomes;
}
