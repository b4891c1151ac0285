import { describeAction } from "#src/action/describe-action.ts";
import { leftOf, readCaps } from "#src/budget/caps.ts";
import type { Approval, Run, Store } from "#src/store/store.ts";

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

/** Gathers the card of an approval from the store. */
export async function loadCard(store: Store, run: Run, approval: Approval): Promise<ApprovalCard> {
  const trial = approval.trial === null ? null : await store.trials.find(run.id, approval.trial);
  const decision = approval.trial === null ? null : await store.decisions.ofTrial(run.id, approval.trial);
  const cap = (await readCaps(store, run)).find(({ name }) => name === "device_hours");
  return {
    approval,
    run: run.name,
    what: trial === null ? `the batch "${approval.batch ?? approval.id}"` : describeAction(trial.action),
    reason: decision?.proposal.reason ?? null,
    prediction: decision?.proposal.candidates[0]?.prediction ?? null,
    hoursLeft: cap === undefined ? null : { left: Math.max(0, leftOf(cap) - approval.estimate.deviceHoursP90), limit: cap.limit },
    onExpiry: run.config.approval.on_expiry,
  };
}
