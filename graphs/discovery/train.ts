import { describeAction } from "#src/action/describe-action.ts";
import type { Trial } from "#src/store/store.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import { hasResult, recordResult } from "./record-result.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";
import { runTrialJob, trialCost } from "./trial-job.ts";

/**
 * Runs the action's job, or takes up the one that runs already; a known key is answered from what is there. Failure is
 * a result: it is recorded and remembered.
 */
export async function train(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const { view } = await context.desk(state.runId);
  const trial = await context.store.trials.find(state.runId, state.number);
  if (trial === null || hasResult(trial)) return { turn: trial?.model == null ? "failed" : "made" };
  await start(context, view, trial);
  const outcome = await runTrialJob(context, view, trial, signal);
  switch (outcome.status) {
    case "ok":
      return { turn: "made" };
    case "ask":
      return { turn: "ask" };
    case "refused":
      await recordResult(context, view, trial.number, { kind: "skipped", reason: "refused", detail: outcome.why });
      return { turn: "failed" };
    case "failed": {
      const { deviceSeconds } = await trialCost(context, trial);
      const steps = outcome.replies.train?.metrics.steps ?? 0;
      const { reason, detail } = outcome;
      await recordResult(context, view, trial.number, { kind: "failed", reason, detail, steps, deviceSeconds });
      return { turn: "failed" };
    }
  }
}

async function start(context: DiscoveryContext, view: RunView, trial: Trial): Promise<void> {
  if (trial.state === "running") return;
  const startedAt = context.now().toISOString();
  await context.store.transaction(async (store) => {
    await store.trials.update(view.runId, trial.number, { state: "running", startedAt });
    await store.events.append({
      runId: view.runId,
      kind: "trial-start",
      actor: "conductor",
      trial: trial.number,
      text: `Trial ${trial.number} started: ${describeAction(trial.action)}.`,
      fields: { kind: trial.kind, label: trial.label, key: trial.key, lane: trial.lane },
    });
  });
}
