import { interrupt } from "@langchain/langgraph";
import { afterExpiry } from "#src/approval/after-expiry.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { admit } from "#src/budget/admission.ts";
import { stopRun } from "#src/service/stop-run.ts";
import type { Approval, Trial } from "#src/store/store.ts";
import { isEnded, type RunView } from "../conductor/run-view.ts";
import type { SkipReason } from "../conductor/observe-trial.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf, questionOf } from "./question-of.ts";
import { hasResult, recordResult } from "./record-result.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";
import { planTrialJob, type PlannedCost, trialCost } from "./trial-job.ts";

/**
 * Asks people when the trial's job needs their yes: stores the question and interrupts; the trial is parked until
 * somebody answers. Runs again from its top when it is resumed, so everything before the interrupt can be done twice.
 */
export async function approve(context: DiscoveryContext, state: DiscoveryStateValue): Promise<DiscoveryUpdate> {
  const { view } = await context.desk(state.runId);
  const trial = await context.store.trials.find(state.runId, state.number);
  if (trial === null || hasResult(trial)) return { turn: "skip" };
  // The job itself is admitted again when it is created; here it is only found out early that it will not be.
  if (trial.state === "selected" && state.turn !== "ask" && !hasLimits(view)) return { turn: "go" };
  const planned = await planTrialJob(context, view, trial);
  if (planned === null) return { turn: "go" };
  const asked = currentQuestion(trial, await questionOf(context.store, trial));
  // What was approved before the time was up says nothing of more time.
  const question = asked !== null && planned.moreTime?.notBy.includes(asked.id) === true ? null : asked;
  if (question?.state === "pending") return wait(context, trial, question);
  const admission = await admit(context.store, {
    run: view.runId,
    trial: trial.number,
    batch: batchOf(trial),
    key: trial.key,
    ...planned,
    now: context.now(),
  });
  if (admission.verdict === "admitted") return { turn: "go" };
  const end = (reason: SkipReason, detail: string) => giveUp(context, view, trial, { reason, detail, moreTime: planned.moreTime });
  if (admission.verdict === "refuse") return end(question?.state === "rejected" ? "rejected" : "refused", admission.why);
  if (question?.state === "cancelled") return end("withdrawn", question.reason ?? "the question was taken back");
  if (question?.state === "expired") {
    const { askAgain, stopRun: stops, text } = afterExpiry[view.run.config.approval.on_expiry];
    if (stops && !isEnded(view.run.state)) await stopRun(context.store, view.run, { now: false, author: "conductor" });
    if (!askAgain) return end("expired", text);
  }
  return wait(context, trial, await ask(context, trial, planned, admission.why));
}

/** A question about the trial as it was before a person changed it counts no more. */
function currentQuestion(trial: Trial, question: Approval | null): Approval | null {
  return question !== null && question.trial !== null && question.key !== trial.key ? null : question;
}

/** True when something could keep a job from being admitted: a threshold, a cap, or a person's standing limit. */
function hasLimits({ run, directives }: RunView): boolean {
  const { approval, budget } = run.config;
  const limits = [approval.over.device_hours, approval.over.usd, budget.device_hours, budget.usd, budget.disk_gb];
  return limits.some((limit) => limit !== undefined) || directives.some(({ body }) => body.kind === "cap");
}

async function ask(context: DiscoveryContext, trial: Trial, { estimate, moreTime }: PlannedCost, why: string): Promise<Approval> {
  const batch = moreTime === null ? batchOf(trial) : null;
  const about = batch === null ? { trial: trial.number, batch: null } : { trial: null, batch: batch.name, members: batch.members };
  return requestApproval(context.store, { ...about, runId: trial.runId, key: trial.key, estimate, why }, context.now());
}

/** Parks the trial. Comes back only when it was resumed although nobody has answered: then the node is done again. */
async function wait(context: DiscoveryContext, trial: Trial, approval: Approval): Promise<DiscoveryUpdate> {
  if (trial.state !== "waiting") await context.store.trials.update(trial.runId, trial.number, { state: "waiting", lane: null });
  interrupt({ approval: approval.id, trial: trial.number });
  return { turn: "ask" };
}

/** Without a yes nothing was tried; with one, and more time refused, the trial failed for want of time. */
async function giveUp(
  context: DiscoveryContext,
  view: RunView,
  trial: Trial,
  { reason, detail, moreTime }: { reason: SkipReason; detail: string; moreTime: PlannedCost["moreTime"] },
): Promise<DiscoveryUpdate> {
  if (moreTime === null) {
    await recordResult(context, view, trial.number, { kind: "skipped", reason, detail });
    return { turn: "skip" };
  }
  const { deviceSeconds } = await trialCost(context, trial);
  const why = `${moreTime.why}. It did not get it: ${detail}`;
  await recordResult(context, view, trial.number, { kind: "failed", reason: "timeout", detail: why, steps: 0, deviceSeconds });
  return { turn: "skip" };
}
