import { describeAction } from "../action/describe-action.ts";
import { describeSubject } from "../approval/request-approval.ts";
import { leftOf, readCaps } from "../budget/caps.ts";
import { formatAmount, formatDeviceHours } from "../budget/format-amount.ts";
import { isAsChosen } from "../explain/is-as-chosen.ts";
import { predictionOf } from "../explain/prediction-of.ts";
import { formatInterval } from "../memory/format-score.ts";
import type { Prediction } from "../policy/policy.ts";
import { actionDot } from "../report/action-dot.ts";
import { answeredBeforehand } from "../service/answer-beforehand.ts";
import type { Approval, Decision, Run, Store, Trial } from "../store/store.ts";
import { pausedTypeOf } from "../triage/paused-type.ts";
import { batchResult } from "./batch-result.ts";
import type { Card, CardButton } from "./card.ts";
import { trialResult } from "./trial-result.ts";

const afterwards = {
  skip: "the run goes on without it",
  ask_again: "it is asked again",
  stop: "the run stops",
} as const;

const approveButtons: readonly CardButton[] = [
  { action: "approve", label: "Approve", style: "primary" },
  { action: "edit", label: "Edit", style: "secondary" },
  { action: "reject", label: "Reject", style: "danger" },
  { action: "details", label: "Details", style: "secondary" },
];

const states = { pending: "open", approved: "decided", rejected: "decided", expired: "expired", cancelled: "cancelled" } as const;

/**
 * The question to people about one action or one batch, or what became of it: who decided, and once what was approved is
 * over one line on what it brought and took.
 */
export async function approvalCard(store: Store, run: Run, approval: Approval): Promise<Card> {
  const trial = approval.trial === null ? null : await store.trials.find(run.id, approval.trial);
  const decision = approval.trial === null ? null : await store.decisions.ofTrial(run.id, approval.trial);
  const isOpen = approval.state === "pending";
  return {
    kind: "approval",
    subject: approval.id,
    title: `${isOpen ? "Approve" : "Asked:"} ${describeSubject(approval)}${isOpen ? "?" : ""} · ${run.name}`,
    text: whatIsAsked(approval, trial, decision),
    fields: await fieldsOf(store, run, { approval, trial, decision }),
    graph: trial === null ? null : actionDot(trial.action),
    footer: isOpen ? `Asked because it is ${approval.why}. When it expires, ${afterwards[run.config.approval.on_expiry]}.` : null,
    expiresAt: isOpen ? approval.expiresAt : null,
    state: states[approval.state],
    outcome: outcomeOf(approval),
    buttons: isOpen ? approveButtons.filter(({ action }) => trial !== null || (action !== "edit" && action !== "details")) : [],
  };
}

function whatIsAsked(approval: Approval, trial: Trial | null, decision: Decision | null): string {
  if (trial !== null) {
    if (decision !== null && !isAsChosen(trial, decision))
      return `${describeAction(trial.action)}. A person changed it; what was chosen is ${describeAction(decision.proposal.action)}.`;
    const why = decision?.proposal.reason;
    return `${describeAction(trial.action)}.${why === undefined ? "" : ` Why: ${why}`}`;
  }
  const paused = pausedTypeOf(approval);
  return paused === null ? `All jobs of ${describeSubject(approval)} at once.` : `Going on with ${paused}, a trial at a time.`;
}

interface Asked {
  approval: Approval;
  trial: Trial | null;
  decision: Decision | null;
}

async function fieldsOf(store: Store, run: Run, { approval, trial, decision }: Asked): Promise<Card["fields"]> {
  const { id, key, estimate, state } = approval;
  const money =
    run.config.budget.usd_per_device_hour > 0 ? `, ${formatAmount("usd", estimate.usdP50)} to ${formatAmount("usd", estimate.usdP90)}` : "";
  const fields = [
    {
      name: "Cost",
      value: `${formatDeviceHours(estimate.deviceHoursP50)} to ${formatDeviceHours(estimate.deviceHoursP90)} (p50 to p90)${money}`,
    },
  ];
  // Once it is decided what is left changes with every job, and says nothing of this one.
  const cap = state === "pending" ? (await readCaps(store, run)).find(({ name }) => name === "device_hours") : undefined;
  if (cap !== undefined) {
    const left = Math.max(0, leftOf(cap) - estimate.deviceHoursP90);
    fields.push({ name: "Left after it", value: `${formatDeviceHours(left)} of ${formatDeviceHours(cap.limit)}` });
  }
  const prediction = trial === null ? null : predictionOf(trial, decision);
  if (prediction !== null) fields.push({ name: "Predicted score", value: `${formatInterval(prediction)} on search, 95 % interval` });
  const votes = (await store.approvalVotes.list(id)).filter((vote) => vote.key === key);
  // Once it is decided, who decided stands there already.
  if (votes.length > (state === "pending" ? 0 : 1)) fields.push({ name: "Yes so far", value: votes.map(({ name }) => name).join(", ") });
  const result = state !== "approved" ? null : await resultOf(store, run, { approval, trial, prediction });
  if (result !== null) fields.push({ name: "What came of it", value: result });
  return fields;
}

function resultOf(
  store: Store,
  run: Run,
  { approval, trial, prediction }: Pick<Asked, "approval" | "trial"> & { prediction: Prediction | null },
): Promise<string | null> {
  return trial === null ? batchResult(store, run, approval) : trialResult(store, run, { approval, trial, prediction });
}

function outcomeOf({ state, decidedBy, decidedAt, reason }: Approval): string | null {
  if (state === "pending") return null;
  const when = (decidedAt ?? "").slice(0, 16).replace("T", " ");
  const by =
    state === "expired"
      ? `Expired at ${when} UTC: nobody answered in time`
      : `${reason?.startsWith(answeredBeforehand) === true ? "Approved" : state === "cancelled" ? "Taken back" : state === "approved" ? "Approved" : "Rejected"} by ${decidedBy ?? "somebody"}, ${when} UTC`;
  return `${by}${reason === null ? "" : `: ${reason.replace(/\.$/, "")}`}.`;
}
