import { formatAmount, formatDeviceHours } from "../budget/format-amount.ts";
import type { Proposal, ProposalBody } from "../proposal/proposal.ts";
import { describeBudgetChange } from "../service/change-budget.ts";
import { describeAdded } from "../service/extension/added-objects.ts";
import { describeStanding } from "../service/standing-approval.ts";
import type { Run } from "../store/store.ts";
import type { Card, CardButton } from "./card.ts";

const cancel: CardButton = { action: "cancel", label: "Cancel", style: "secondary" };
const startButtons: readonly CardButton[] = [
  { action: "start", label: "Start", style: "primary" },
  { action: "change", label: "Change", style: "secondary" },
  cancel,
];
const confirmButtons: readonly CardButton[] = [{ action: "confirm", label: "Confirm", style: "primary" }, cancel];

const states = { pending: "open", confirmed: "decided", cancelled: "cancelled", expired: "expired" } as const;

const controls = {
  pause: "No new trials start; those under way are finished.",
  resume: "New trials start again.",
  stop: "No new trials start; once those under way are finished the run is over.",
} as const;

type Content = Pick<Card, "kind" | "title" | "text" | "fields">;

/** The card of something that was asked for, or what became of it. @param run its run; null for one that does not exist yet. */
export function proposalCard(proposal: Proposal, run: Run | null): Card {
  const isOpen = proposal.state === "pending";
  return {
    ...contentOf(proposal, run),
    subject: proposal.id,
    graph: null,
    footer: isOpen ? `Asked for by ${proposal.authorName}. Nothing changes before somebody confirms it.` : null,
    expiresAt: isOpen ? proposal.expiresAt : null,
    state: states[proposal.state],
    outcome: outcomeOf(proposal),
    buttons: isOpen ? [...(proposal.body.kind === "start" ? startButtons : confirmButtons)] : [],
  };
}

function contentOf({ body }: Proposal, run: Run | null): Content {
  const name = run?.name ?? "a run";
  switch (body.kind) {
    case "start":
      return planContent(body);
    case "steer":
      return { kind: "steer", title: `Steer ${name}?`, text: body.text, fields: [{ name: "Read as", value: describeWish(body.wish) }] };
    case "forget":
      return {
        kind: "steer",
        title: `Take back wish ${body.directive} of ${name}?`,
        text: "It holds no more from the next decision on.",
        fields: [],
      };
    case "budget":
      return {
        kind: "change",
        title: `Change the budget of ${name}?`,
        text: run === null ? "" : `${describeBudgetChange(run.config, body.change)}.`,
        fields: [],
      };
    case "extend":
      return extensionContent(body, name);
    case "cancel-trial":
      return {
        kind: "change",
        title: `Cancel trial ${body.trial} of ${name}?`,
        text: "Its job is ended; what it used counts against the budget.",
        fields: [],
      };
    case "control":
      return {
        kind: "change",
        title: `${body.to[0]?.toUpperCase() ?? ""}${body.to.slice(1)} ${name}?`,
        text: controls[body.to],
        fields: [],
      };
    case "revoke-standing":
      return {
        kind: "change",
        title: `Take back what was approved beforehand in ${name}?`,
        text: "Such trainings and merges are asked about again, one by one; what runs goes on.",
        fields: body.standing.map((standing) => ({ name: `Yes ${standing.id}`, value: describeStanding(standing) })),
      };
    case "standing":
      return {
        kind: "change",
        title: `Approve beforehand in ${name}?`,
        text: `Trainings and merges of this kind start without a question: ${describeStanding(body)}.`,
        fields: [],
      };
  }
}

function extensionContent({ added, prepared, estimate, asks }: Extract<ProposalBody, { kind: "extend" }>, name: string): Content {
  const fields = [
    ...Object.keys(added.models).map((id) => ({ name: `Model ${id}`, value: sizeOf(prepared.models.find((model) => model.id === id)) })),
    ...prepared.datasets
      .filter(({ id }) => Object.hasOwn(added.datasets, id))
      .map(({ id, rows, format }) => ({ name: `Dataset ${id}`, value: `${rows.toLocaleString("en")} rows, ${format}` })),
    ...prepared.tasks
      .filter(({ id }) => Object.hasOwn(added.tasks, id))
      .map(({ id, items }) => ({ name: `Task ${id}`, value: `weight ${added.tasks[id]?.weight ?? 1}, ${items.search} search items` })),
  ];
  if (estimate !== null) {
    const cost = `${formatDeviceHours(estimate.deviceHoursP50)} to ${formatDeviceHours(estimate.deviceHoursP90)} (p50 to p90)`;
    fields.push({ name: "Measuring it first", value: asks === null ? cost : `${cost}; whoever confirms it approves it: ${asks}` });
  }
  const later =
    Object.keys(added.tasks).length === 0
      ? ""
      : " The bases, the baselines and the best models are measured on a new task; others keep their scores and are not ranked any more.";
  return { kind: "change", title: `Add ${describeAdded(added)} to ${name}?`, text: `Nothing under way is disturbed.${later}`, fields };
}

function sizeOf(model: { parameters: number; architecture: string } | undefined): string {
  return model === undefined ? "a base model" : `${model.parameters.toLocaleString("en")} parameters, ${model.architecture}`;
}

/** `ban sft on gsm8k`, `math counts ×2`. */
export function describeWish(wish: Extract<ProposalBody, { kind: "steer" }>["wish"]): string {
  switch (wish.kind) {
    case "ban":
      return `never ${wish.combination === undefined ? (wish.object ?? wish.actionType ?? "") : `${wish.combination.actionType} with ${wish.combination.object}`}`;
    case "prefer":
      return `rather ${[wish.actionType, wish.object].filter((word) => word !== undefined).join(" with ")}`;
    case "weight":
      return `${wish.task} counts ×${wish.factor}`;
    case "cap":
      return `no trial over ${formatDeviceHours(wish.deviceHoursPerTrial)}${wish.from === undefined ? "" : ` from ${wish.from} to ${wish.to ?? ""} (${wish.timeZone ?? "UTC"})`}`;
    case "focus":
      return `focus on ${wish.text}`;
  }
}

function planContent({ config, prepared, estimate }: Extract<ProposalBody, { kind: "start" }>): Content {
  const { space, baselines, types, total, baselinesAsk } = estimate;
  const usd = config.budget.usd_per_device_hour > 0 ? `, ${formatAmount("usd", total.usdP50)} to ${formatAmount("usd", total.usdP90)}` : "";
  const asks = [
    ...(baselinesAsk === null ? [] : [`the baselines (${baselinesAsk})`]),
    ...types.flatMap(({ type, asks: why }) => (why === null ? [] : [`${type} (${why})`])),
  ];
  const rows = prepared.datasets.map(({ id, rows: count }) => `${id} (${count.toLocaleString("en")} rows)`);
  const tasks = Object.entries(config.tasks).map(([id, { weight, floor }]) => {
    const floored = floor === undefined ? "" : `, not below ${floor === "base" ? "base" : String(floor)}`;
    return `${id} ×${weight}${floored}`;
  });
  const limits = Object.entries(config.budget).filter(([key]) => key !== "usd_per_device_hour");
  const fields = [
    { name: "Models", value: Object.keys(config.models).join(", ") },
    { name: "Datasets", value: rows.length === 0 ? "none" : rows.join(", ") },
    { name: "Tasks", value: tasks.join(", ") },
    { name: "Action types", value: `${Object.keys(config.actions).join(", ")}; ${space.total.toLocaleString("en")} choices at the start` },
    { name: "Budget", value: limits.map(([key, value]) => `${key} ${String(value)}`).join(", ") },
    {
      name: "Estimate",
      value: `${baselines.count} baselines, then ${config.budget.trials} trials: ${formatDeviceHours(total.deviceHoursP50)} to ${formatDeviceHours(total.deviceHoursP90)} (p50 to p90)${usd}`,
    },
    { name: "Will ask before", value: asks.length === 0 ? "nothing: no job is over the threshold" : asks.join("; ") },
  ];
  return { kind: "plan", title: `Start the run ${config.name}?`, text: config.goal === "" ? "Here is the plan." : config.goal, fields };
}

const at = (time: string | null) => `${(time ?? "").slice(0, 16).replace("T", " ")} UTC`;

function outcomeOf({ state, decidedBy, decidedAt, expiresAt, outcome }: Proposal): string | null {
  if (state === "pending") return null;
  if (state === "expired") return `Expired at ${at(expiresAt)}: nobody confirmed it.`;
  const what = state === "confirmed" ? "Confirmed" : "Cancelled";
  return `${what} by ${decidedBy ?? "somebody"}, ${at(decidedAt)}${outcome === null ? "" : `: ${outcome}`}.`;
}
