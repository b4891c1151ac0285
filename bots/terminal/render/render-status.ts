import { type Cap, leftOf } from "#src/budget/caps.ts";
import { formatAmount } from "#src/budget/format-amount.ts";
import { formatChangeInterval } from "#src/memory/format-score.ts";
import type { RunStatus } from "#src/service/run-status.ts";
import { formatDeviceSeconds, formatDuration } from "./format-duration.ts";
import { formatEstimate } from "./format-estimate.ts";
import { formatMargin } from "./format-margin.ts";

function capText(cap: Cap): string {
  return `${formatAmount(cap.name, leftOf(cap))} of ${formatAmount(cap.name, cap.limit)} left`;
}

function standing({ best, passedOver, base, baselines }: RunStatus): string[] {
  if (best === null) {
    const measured = base === null ? [] : [`Base      ${base.model} ${formatMargin(base.score)}`];
    if (passedOver !== null) return [`Best      ${passedOver}`, ...measured];
    return base === null ? ["Best      nothing is evaluated yet"] : measured;
  }
  const over = best.overBase === null ? "" : `, ${formatChangeInterval(best.overBase)} over ${base?.model ?? "its base"}`;
  const sftAll = baselines.find(({ label }) => label === "sft_all");
  return [
    `Best      ${best.model} ${formatMargin(best.score)} on search${over}`,
    `          ${best.made}`,
    ...(passedOver === null ? [] : [`          ${passedOver}`]),
    `Beside    base ${base === null ? "not evaluated" : formatMargin(base.score)}${sftAll === undefined ? "" : `, SFT on all data ${formatMargin(sftAll.score)}`}`,
  ];
}

function underWay({ run, lanes }: RunStatus, now: Date): string[] {
  const running = lanes.filter(({ state }) => state !== "waiting");
  if (run.state === "failed") return running.map(({ trial, action }) => `Left      trial ${trial}: ${action}; the next start takes it up`);
  return running.map(({ trial, action, startedAt }, index) => {
    const since = startedAt === null ? "" : `, for ${formatDuration((now.getTime() - Date.parse(startedAt)) / 1000)}`;
    return `${index === 0 ? "Running   " : "          "}trial ${trial}: ${action}${since}`;
  });
}

function waiting({ waiting: approvals }: RunStatus): string[] {
  return approvals.map(({ id, trial, batch, estimate }, index) => {
    const what = trial === null ? (batch ?? "") : `trial ${trial}`;
    return `${index === 0 ? "Waiting   " : "          "}${id} (${what}): ${formatEstimate(estimate)}. Answer with: temper approve ${id}`;
  });
}

function nobody({ run }: RunStatus): string[] {
  if (run.state !== "running" && run.state !== "stopping") return [];
  return [
    "Nobody    drives it now. What it was started with, such as temper start FILE, goes on where it was; jobs under way end by themselves",
  ];
}

/**
 * Where a run stands, for a person: progress, best, what runs, what waits, what it cost so far.
 * @param isDriven whether a process works on it.
 */
export function renderStatus(status: RunStatus, now: Date, isDriven = true): string {
  const { run, progress, warnings, claim, plan, lesson, caps, deviceHours, llm } = status;
  const others = progress.other > 0 ? `, ${progress.other} baselines and repeats` : "";
  const cached = progress.chosenFromCache > 0 ? `, ${progress.chosenFromCache} from the cache` : "";
  const failed = progress.failed > 0 ? `, ${progress.failed} failed` : "";
  const limits = caps.filter(({ name }) => name !== "trials").map(capText);
  const lines = [
    `${run.name} is ${run.state} (${run.stateReason})`,
    ...(isDriven ? [] : nobody(status)),
    `Progress  ${progress.chosen} of ${progress.trials} trials${others}${cached}${failed}`,
    ...standing(status),
    ...warnings.map((warning) => `Check     ${warning}`),
    ...(claim === null ? [] : [`Claim     ${claim}`]),
    ...(plan === null ? [] : [`Now       ${plan.focus}`]),
    ...(lesson === null ? [] : [`Learnt    ${lesson}`]),
    ...underWay(status, now),
    ...waiting(status),
    `Spent     ${formatDeviceSeconds(deviceHours.spent * 3600)} of device time${llm.calls > 0 ? `, ${llm.tokens.toLocaleString("en")} LLM tokens` : ""}${limits.length > 0 ? `; ${limits.join(", ")}` : ""}`,
  ];
  return `${lines.join("\n")}\n`;
}
