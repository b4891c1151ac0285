import { actionTypes } from "#src/action/action-types.ts";
import { formatAmount, formatDeviceHours } from "#src/budget/format-amount.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import type { RunEstimate } from "#src/service/estimate-run.ts";
import { formatEstimate, formatUsd } from "./format-estimate.ts";
import { renderTable } from "./table.ts";

function capLine({ budget }: RunConfig, { total }: RunEstimate): string[] {
  if (budget.device_hours === undefined || total.deviceHoursP50 <= budget.device_hours) return [];
  return [`budget.device_hours (${budget.device_hours}) will end the run before its ${budget.trials} trials are done.`];
}

function stepsCap({ budget: { steps } }: RunConfig): string {
  return steps === undefined ? "" : `, ${formatAmount("steps", steps)} at most`;
}

function approvals(found: RunEstimate): string[] {
  const asked = found.types.filter(({ asks }) => asks !== null);
  const lines = asked.map(({ type, asks }) => `  ${actionTypes[type].title}: ${asks}`);
  if (found.baselinesAsk !== null) lines.unshift(`  the baselines, all at once: ${found.baselinesAsk}`);
  return lines.length === 0 ? ["No approval will be asked for."] : ["You will be asked before:", ...lines];
}

/** What a run will do and cost, with what the numbers rest on. */
export function renderEstimate(found: RunEstimate, config: RunConfig): string {
  const { space, baselines, total } = found;
  const types = renderTable(
    [{ title: "action" }, { title: "choices now", align: "right" }, { title: "the dearest of them" }],
    found.types.map(({ type, dearest }) => [type, (space.byType[type] ?? 0).toLocaleString("en"), formatEstimate(dearest)]),
  );
  const ranges = space.dimensions.length === 0 ? "" : `, and ${space.dimensions.length} ranges`;
  const money = total.usdP90 > 0 ? `, ${formatUsd(total.usdP50)} to ${formatUsd(total.usdP90)}` : "";
  const lines = [
    types.trimEnd(),
    `${space.total.toLocaleString("en")} choices at the start${ranges}; the space grows with every model that is made.`,
    `${baselines.count} baselines and repeats first${baselines.total === null ? "" : `: ${formatEstimate(baselines.total)}`}.`,
    `Then ${config.budget.trials} trials${stepsCap(config)}. In all about ${formatDeviceHours(total.deviceHoursP50)} to ${formatDeviceHours(total.deviceHoursP90)} (p50 to p90)${money}.`,
    ...capLine(config, found),
    ...approvals(found),
  ];
  return `${lines.join("\n")}\n`;
}
