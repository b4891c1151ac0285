import { formatScore } from "#src/memory/format-score.ts";
import type { LaneView, LiveView } from "../live/live-view.ts";
import { fitLine } from "./fit-line.ts";
import { formatDuration } from "./format-duration.ts";
import { formatMargin } from "./format-margin.ts";
import { progressBar } from "./progress-bar.ts";
import { cellWidth } from "./table.ts";

const whatWidth = 44;

function phaseText(lane: LaneView): string {
  const count = lane.done === null || lane.total === null ? "" : `${lane.done}/${lane.total}`;
  switch (lane.phase) {
    case "waiting":
      return "waiting for approval";
    case "starting":
      return "starting";
    case "training":
      return `step ${count}${lane.loss === null ? "" : `  loss ${lane.loss.toFixed(2)}`}`;
    case "merging":
      return `merging ${count}`.trimEnd();
    case "evaluating":
      return `evaluating ${count === "" ? "" : `${count} items`}`.trimEnd();
  }
}

/** ` lane 1  trial 14  SFT of m9 on common, 80 steps        step 52/80  loss 0.41` */
export function renderLane(lane: LaneView): string {
  const what = fitLine(lane.what, whatWidth);
  return ` lane ${lane.lane}  trial ${String(lane.trial).padEnd(4)} ${what}${" ".repeat(whatWidth - cellWidth(what))}  ${phaseText(lane)}`;
}

function summaryLine(view: LiveView): string {
  const parts: string[] = [];
  if (view.best !== null) parts.push(`best ${view.best.model}  ${formatMargin(view.best.measured)}`);
  if (view.base !== null) parts.push(`base ${view.base.model} ${formatScore(view.base.mean)}`);
  if (view.sftAll !== null) parts.push(`SFT on all ${formatScore(view.sftAll)}`);
  const unit = view.stage === "baselines" ? "baselines " : "";
  parts.push(`${progressBar(view.done, view.total)} ${unit}${view.done}/${view.total}`);
  if (view.secondsLeft !== null) parts.push(`${formatDuration(view.secondsLeft)} left`);
  return ` ${parts.join("   ")}`;
}

/** The block that is redrawn in place: a line for each lane, then where the run stands. */
export function renderProgress(view: LiveView, columns: number): string[] {
  const lines = view.lanes.map(renderLane);
  if (view.waitingApprovals > 0) {
    const noun = view.waitingApprovals === 1 ? "trial waits" : "trials wait";
    lines.push(` ${view.waitingApprovals} ${noun} for approval: temper approve`);
  }
  lines.push(summaryLine(view));
  return lines.map((line) => fitLine(line, Math.max(20, columns - 1)));
}
