import type { APIEmbed } from "discord-api-types/v10";
import { type Cap, leftOf } from "#src/budget/caps.ts";
import { formatAmount, formatDeviceHours } from "#src/budget/format-amount.ts";
import { formatScore } from "#src/memory/format-score.ts";
import type { RunStatus } from "#src/service/run-status.ts";
import { formatDuration } from "../../terminal/render/format-duration.ts";
import { formatMargin } from "../../terminal/render/format-margin.ts";
import { words, type MessageContent } from "../wire/message-content.ts";
import { escapeLine } from "./escape.ts";

/** What the status message shows beside the run's own state. */
export interface StatusExtras {
  /** From the pace so far; null while there is none. */
  secondsLeft: number | null;
  /** The best so far, drawn. */
  chart: Buffer | null;
}

const colours: Readonly<Record<RunStatus["run"]["state"], number>> = {
  running: 0x5865f2,
  paused: 0xfaa61a,
  stopping: 0xfaa61a,
  stopped: 0x747f8d,
  finished: 0x3ba55d,
  failed: 0xed4245,
};

function progress({ run, progress: { chosen, trials, other, failed }, lanes }: RunStatus): string {
  const running = lanes.filter(({ state }) => state !== "waiting").length;
  const parts = [
    `trial ${chosen} of ${trials}`,
    ...(other > 0 ? [`${other} baselines and repeats`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    run.state === "running" ? `${running} running` : `**${run.state}**: ${escapeLine(run.stateReason)}`,
  ];
  return parts.join(" · ");
}

function standing({ best, passedOver, base, baselines }: RunStatus): string {
  if (best === null && passedOver === null && base === null) return "Nothing is evaluated yet.";
  if (best === null) return base === null ? "" : `Base ${base.model} ${formatMargin(base.score)}`;
  const sftAll = baselines.find(({ label }) => label === "sft_all");
  const beside = [
    ...(base === null ? [] : [`base ${formatScore(base.score.mean)}`]),
    ...(sftAll === undefined ? [] : [`SFT on all ${formatScore(sftAll.score.mean)}`]),
  ];
  return `Best **${best.model} ${formatMargin(best.score)}**${beside.length === 0 ? "" : ` (${beside.join(", ")})`} on ${best.score.split}, ${best.score.items} items`;
}

function used(cap: Cap): string {
  return `${formatAmount(cap.name, cap.limit - leftOf(cap))} of ${formatAmount(cap.name, cap.limit)}`;
}

function spending({ caps, deviceHours, llm }: RunStatus, secondsLeft: number | null): string {
  const limits = caps.filter(({ name }) => name !== "trials");
  const parts = [
    ...(limits.some(({ name }) => name === "device_hours") ? [] : [formatDeviceHours(deviceHours.spent)]),
    ...limits.map(used),
    ...(llm.tokens > 0 ? [`${llm.tokens.toLocaleString("en")} LLM tokens`] : []),
    ...(secondsLeft === null ? [] : [`about ${formatDuration(secondsLeft)} left`]),
  ];
  return parts.join(" · ");
}

function lanesOf({ lanes }: RunStatus): string[] {
  return lanes
    .filter(({ state }) => state !== "waiting")
    .map(({ trial, action, lane }) => `\`lane ${lane ?? "–"}\` trial ${trial}: ${escapeLine(action, 120)}`);
}

/** The run's one status message: edited, not repeated. */
export function statusMessage(status: RunStatus, { secondsLeft, chart }: StatusExtras): MessageContent {
  const { run, passedOver, warnings, claim, plan, waiting } = status;
  const lines = [
    progress(status),
    standing(status),
    ...(passedOver === null ? [] : [escapeLine(passedOver, 500)]),
    ...warnings.map((warning) => escapeLine(warning, 500)),
    ...(claim === null ? [] : [escapeLine(claim, 500)]),
    `Spent ${spending(status, secondsLeft)}`,
    ...(plan === null || (run.endedAt !== null && plan.phase !== "confirm")
      ? []
      : [`Now: *${escapeLine(plan.phase)}*. ${escapeLine(plan.focus, 300)}`]),
    ...lanesOf(status),
    ...(waiting.length === 0 ? [] : [`**${waiting.length} ${waiting.length === 1 ? "approval waits" : "approvals wait"}** for people.`]),
  ];
  const embed: APIEmbed = {
    title: escapeLine(run.name),
    description: lines.join("\n").slice(0, 4000),
    color: colours[run.state],
    footer: { text: `status · ${run.id}` },
    ...(chart === null ? {} : { image: { url: "attachment://best-so-far.png" } }),
  };
  return words("", { embeds: [embed], files: chart === null ? [] : [{ name: "best-so-far.png", content: chart }] });
}
