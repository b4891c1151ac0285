import { formatChangeInterval } from "#src/memory/format-score.ts";
import type { Summary } from "../summary/summary.ts";
import { formatDeviceSeconds } from "./format-duration.ts";
import { formatUsd } from "./format-estimate.ts";
import { formatMargin } from "./format-margin.ts";
import { renderEffects } from "./render-effects.ts";
import { renderTable } from "./table.ts";

const indent = "      ";

function found({ best, passedOver }: Summary): string[] {
  if (best === null) return [passedOver === null ? "Found: nothing yet; no model was evaluated." : `Found: no winner. ${passedOver}`];
  const final = best.final === null ? "" : `   final ${formatMargin(best.final)} (opened once)`;
  const broken = best.broken.length === 0 ? [] : [`${indent} It breaks a floor: ${best.broken.join("; ")}.`];
  const above = passedOver === null ? [] : [`${indent} ${passedOver}`];
  return [`Found: ${best.model}   search ${formatMargin(best.search)}${final}`, ...broken, ...above];
}

function basis({ best, rows }: Summary): string {
  const measured = best?.final ?? best?.search ?? rows[0]?.score;
  return measured === undefined ? "" : `${measured.split} split, ${measured.items} items, 95 % intervals, ${measured.seeds} training seed`;
}

function comparisons(summary: Summary): string[] {
  if (summary.rows.length === 0 || summary.best === null) return [];
  const winner = summary.best.final ?? summary.best.search;
  const table = renderTable(
    [{ title: "" }, { title: "score" }, { title: `${summary.best.model} is better by` }],
    [
      [summary.best.model, formatMargin(winner), ""],
      ...summary.rows.map(({ label, score, behind }) => [label, formatMargin(score), behind === null ? "" : formatChangeInterval(behind)]),
    ],
  );
  const lines = table
    .trimEnd()
    .split("\n")
    .map((line) => `${indent} ${line}`);
  const sure = [summary.shrinkageText, summary.claim, summary.confirmed].flatMap((line) => (line === null ? [] : [`${indent} ${line}`]));
  return [...lines, `${indent} (${basis(summary)})`, ...sure];
}

function how({ best }: Summary): string[] {
  if (best === null) return [];
  return best.pipeline.map((line, index) => `${index === 0 ? "How:  " : indent} ${line}`);
}

function why({ effects }: Summary): string[] {
  const text = renderEffects(effects);
  return text === "" ? [] : [`Why:   As far as the trials show, ${text}.`];
}

const count = (amount: number, one: string, many = `${one}s`) => `${amount} ${amount === 1 ? one : many}`;

function cost({ counts, deviceSeconds, usd, llm, device }: Summary): string[] {
  const { chosen, other, fromCache, failed } = counts;
  const time = `${formatDeviceSeconds(deviceSeconds)} of ${device === "cuda" ? "GPU" : "CPU"} time`;
  const money = usd + llm.usd > 0 ? `, ${formatUsd(usd + llm.usd)}` : "";
  const tokens = llm.tokens > 0 ? `, ${llm.tokens.toLocaleString("en")} LLM tokens` : "";
  const cached = fromCache > 0 ? ` ${count(fromCache, "trial was", "trials were")} answered from the cache.` : "";
  const broken = failed > 0 ? ` ${count(failed, "trial")} failed.` : "";
  return [
    `Cost:  ${count(chosen, "chosen trial")} and ${count(other, "baseline or repeat", "baselines and repeats")}, ${time}${money}${tokens}.${cached}${broken}`,
  ];
}

/** The end of a run: the answer first, then the evidence, then what it cost. */
export function renderSummary(summary: Summary): string {
  return `${[...found(summary), ...comparisons(summary), ...how(summary), ...why(summary), ...cost(summary)].join("\n")}\n`;
}
