import { formatDeviceHours } from "#src/budget/format-amount.ts";
import { formatInterval } from "#src/memory/format-score.ts";
import type { ApprovalCard } from "../approval/load-card.ts";
import { formatDuration } from "./format-duration.ts";
import { formatEstimate } from "./format-estimate.ts";

const afterwards = { skip: "the run goes on without it", ask_again: "it is asked again", stop: "the run stops" } as const;

/** An approval as a person reads it at the terminal: what, why, what it costs, what is left, until when. */
export function renderCard(card: ApprovalCard, now: Date): string {
  const { approval } = card;
  const place = approval.trial === null ? "" : ` · trial ${approval.trial}`;
  const left = Math.max(0, (Date.parse(approval.expiresAt) - now.getTime()) / 1000);
  const lines = [
    `Approve?  run ${card.run}${place} · ${approval.id}`,
    `  ${card.what}`,
    ...(card.reason === null ? [] : [`  Why:   ${card.reason}`]),
    ...(card.prediction === null ? [] : [`  Predicted score ${formatInterval(card.prediction)}`]),
    `  Cost:  ${formatEstimate(approval.estimate)}.`,
    ...(card.hoursLeft === null
      ? []
      : [`  Left after it: ${formatDeviceHours(card.hoursLeft.left)} of ${formatDeviceHours(card.hoursLeft.limit)}.`]),
    `  Asked because ${approval.why}. Expires in ${formatDuration(left)}; then ${afterwards[card.onExpiry]}.`,
  ];
  return `${lines.join("\n")}\n`;
}
