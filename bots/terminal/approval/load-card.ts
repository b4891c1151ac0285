import { describeAction } from "#src/action/describe-action.ts";
import { leftOf, readCaps } from "#src/budget/caps.ts";
import { predictionOf } from "#src/explain/prediction-of.ts";
import type { Approval, Run, Store, Trial } from "#src/store/store.ts";
import { pausedTypeOf } from "#src/triage/paused-type.ts";

/** What a person must see before saying yes or no. */
export interface ApprovalCard {
  approval: Approval;
  run: string;
  /** `DPO of m17 on prefs, β 0.1`, or the batch. */
  what: string;
  /** The decision's reason; null for a batch. */
  reason: string | null;
  /** Predicted aggregate score with its interval. */
  prediction: { mean: number; low: number; high: number } | null;
  /** Device-hours left after it at its p90; null without a cap. */
  hoursLeft: { left: number; limit: number } | null;
  onExpiry: Run["config"]["approval"]["on_expiry"];
}

function describeWhat(approval: Approval, trial: Trial | null): string {
  if (trial !== null) return describeAction(trial.action);
  const paused = pausedTypeOf(approval);
  return paused === null ? `the batch "${approval.batch ?? approval.id}"` : `going on with ${paused}, a trial at a time`;
}

/** Gathers the card of an approval from the store. */
export async function loadCard(store: Store, run: Run, approval: Approval): Promise<ApprovalCard> {
  const trial = approval.trial === null ? null : await store.trials.find(run.id, approval.trial);
  const decision = approval.trial === null ? null : await store.decisions.ofTrial(run.id, approval.trial);
  const cap = (await readCaps(store, run)).find(({ name }) => name === "device_hours");
  return {
    approval,
    run: run.name,
    what: describeWhat(approval, trial),
    reason: decision?.proposal.reason ?? null,
    prediction: trial === null ? null : predictionOf(trial, decision),
    hoursLeft: cap === undefined ? null : { left: Math.max(0, leftOf(cap) - approval.estimate.deviceHoursP90), limit: cap.limit },
    onExpiry: run.config.approval.on_expiry,
  };
}
