import { evaluationKey } from "#src/action/key.ts";
import { isMerge } from "#src/action/action.ts";
import { ContractError } from "#src/errors.ts";
import type { OutcomesByTask } from "#src/score/compare.ts";
import { didItLearn } from "#src/score/did-it-learn.ts";
import { likelyCause } from "#src/score/likely-cause.ts";
import { lengthCollapse } from "#src/service/length-collapse.ts";
import { readConstantTasks } from "#src/service/read-constant-tasks.ts";
import type { Run, Trial } from "#src/store/store.ts";
import type { OkEvaluateReply, OkTrainReply } from "#tools/contract/replies.ts";
import { modelDirectory } from "#tools/jobs/attempt-files.ts";
import { recordEvaluations } from "../conductor/record-evaluations.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import { evaluateMissing } from "./evaluate-missing.ts";
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
  await recordResult(context, view, trial.number, await resultOf(context, view, { trial, outcome, signal }));
  return { turn: "go" };
}

type Ended = Exclude<Awaited<ReturnType<typeof takeTrialOutcome>>, { status: "ask" }>;

interface Evaluated {
  trial: Trial;
  outcome: Ended;
  signal: AbortSignal | undefined;
}

async function resultOf(context: DiscoveryContext, view: RunView, { trial, outcome, signal }: Evaluated): Promise<TrialResult> {
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
    warnings = [...warnings, ...(await recordEvaluations(context, knownTo(evaluation, view.run), trial.key, "search", evaluation))];
    warnings = [...warnings, ...(await evaluateMissing(context, trial, signal))];
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return { kind: "failed", reason: "bad_reply", detail: error.message, steps, deviceSeconds };
  }
  const parents = trial.action.models.map((id) => view.model(id).key);
  const collapsed = await lengthCollapse(context.store, { key: trial.key, parents }, "search");
  if (collapsed.length > 0) warnings = [...warnings, `Its answers collapsed in length: ${collapsed.join("; ")}.`];
  const { form, parameters } = train.metrics;
  const { learnt, reason } = await askWhetherItLearnt(context, view, trial, train);
  const path = modelDirectory(context.jobs.home, trial.key);
  return { kind: "made", path, form, parameters, learnt, detail: reason, warnings, steps, deviceSeconds, fromCache: !hasJob };
}

/** The run with the tasks that an evaluation must hold: those of its start, and the later ones that its job knew. */
function knownTo({ metrics }: OkEvaluateReply, run: Run): Run {
  return { ...run, tasks: run.tasks.filter(({ id, joined }) => joined === undefined || metrics.tasks.some((task) => task.id === id)) };
}

async function askWhetherItLearnt(context: DiscoveryContext, view: RunView, trial: Trial, train: OkTrainReply) {
  if (isMerge(trial.action.type)) return { learnt: null, reason: null };
  const parent = trial.action.models[0] ?? "";
  const signs = {
    weightChange: train.metrics.weight_change,
    lossFirst: train.metrics.train_loss_first,
    lossLast: train.metrics.train_loss_last,
  };
  const answer = didItLearn({
    ...signs,
    childOutcomes: await searchOutcomes(context, view, trial.key),
    parentOutcomes: await searchOutcomes(context, view, view.model(parent).key),
  });
  if (answer.learnt) return answer;
  const constant = await readConstantTasks(context.store, view.run);
  const constantTasks = constant.length === view.run.tasks.length ? constant : [];
  const cause = likelyCause({ ...signs, constantTasks, setting: trial.action.setting, steps: train.metrics.steps });
  return cause === null ? answer : { ...answer, reason: `${answer.reason} ${cause}` };
}

async function searchOutcomes({ store }: DiscoveryContext, view: RunView, modelKey: string): Promise<OutcomesByTask> {
  const tasks = new Map(view.run.tasks.map((task) => [evaluationKey(modelKey, task.key, "search"), task.id]));
  const found = await store.evaluations.outcomesOf([...tasks.keys()]);
  return new Map(found.map(({ evaluationKey: key, strict }) => [tasks.get(key) ?? "", strict]));
}
