import { interrupt } from "@langchain/langgraph";
import { afterExpiry } from "#src/approval/after-expiry.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { admit } from "#src/budget/admission.ts";
import { stopRun } from "#src/service/stop-run.ts";
import type { Approval, Estimate, Trial } from "#src/store/store.ts";
import { isEnded, type RunView } from "../conductor/run-view.ts";
import type { SkipReason } from "../conductor/observe-trial.ts";
import type { DiscoveryContext } from "./context.ts";
import { batchOf, questionOf } from "./question-of.ts";
import { hasResult, recordResult } from "./record-result.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";
import { estimateTrialJob } from "./trial-job.ts";

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
  const estimate = await estimateTrialJob(context, view, trial);
  if (estimate === null) return { turn: "go" };
  const question = await questionOf(context.store, trial);
  if (question?.state === "pending") return wait(context, trial, question);
  const admission = await admit(context.store, {
    run: view.runId,
    trial: trial.number,
    batch: batchOf(trial),
    key: trial.key,
    estimate,
    now: context.now(),
  });
  if (admission.verdict === "admitted") return { turn: "go" };
  if (admission.verdict === "refuse") {
    return skip(context, view, trial, question?.state === "rejected" ? "rejected" : "refused", admission.why);
  }
  if (question?.state === "cancelled") return skip(context, view, trial, "withdrawn", question.reason ?? "the question was taken back");
  if (question?.state === "expired") {
    const { askAgain, stopRun: stops, text } = afterExpiry[view.run.config.approval.on_expiry];
    if (stops && !isEnded(view.run.state)) await stopRun(context.store, view.run, { now: false, author: "conductor" });
    if (!askAgain) return skip(context, view, trial, "expired", text);
  }
  return wait(context, trial, await ask(context, trial, estimate, admission.why));
}

/** True when something could keep a job from being admitted: a threshold, a cap, or a person's standing limit. */
function hasLimits({ run, directives }: RunView): boolean {
  const { approval, budget } = run.config;
  const limits = [approval.over.device_hours, approval.over.usd, budget.device_hours, budget.usd, budget.disk_gb];
  return limits.some((limit) => limit !== undefined) || directives.some(({ body }) => body.kind === "cap");
}

async function ask(context: DiscoveryContext, trial: Trial, estimate: Estimate, why: string): Promise<Approval> {
  const batch = batchOf(trial);
  const request = { runId: trial.runId, trial: batch === null ? trial.number : null, batch, key: trial.key, estimate, why };
  return requestApproval(context.store, request, context.now());
}

/** Parks the trial. Comes back only when it was resumed although nobody has answered: then the node is done again. */
async function wait(context: DiscoveryContext, trial: Trial, approval: Approval): Promise<DiscoveryUpdate> {
  if (trial.state !== "waiting") await context.store.trials.update(trial.runId, trial.number, { state: "waiting", lane: null });
  interrupt({ approval: approval.id, trial: trial.number });
  return { turn: "ask" };
}

async function skip(context: DiscoveryContext, view: RunView, trial: Trial, reason: SkipReason, detail: string): Promise<DiscoveryUpdate> {
  await recordResult(context, view, trial.number, { kind: "skipped", reason, detail });
  return { turn: "skip" };
}
