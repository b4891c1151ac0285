import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import { describeOptimism } from "#src/service/describe-optimism.ts";
import type { LeaderboardRow } from "#src/service/leaderboard.ts";
import type { SearchStanding } from "#src/service/search-optimism.ts";
import { formatMargin } from "./format-margin.ts";
import { type Column, renderTable } from "./table.ts";

function titleOf({ model, name, label }: LeaderboardRow): string {
  if (name !== null) return `${model} (${name})`;
  return label === null ? model : `${model} (${label.replaceAll("_", " ")})`;
}

function madeBy({ trial, made }: LeaderboardRow): string {
  return trial === null ? made : `${made} (trial ${trial})`;
}

function scoreOf({ score, barriers }: LeaderboardRow): string {
  return barriers.length === 0 ? formatMargin(score) : `${formatMargin(score)} !`;
}

interface LeaderboardView {
  run: string;
  split: string;
  standing: SearchStanding | null;
  /** What was read on `confirm` of models that were made again, in words. */
  confirmed?: string | null;
  /** Where lines are short, what made the models stands below the table. */
  isNarrow?: boolean;
}

/** Models best first; every number with its 95 % interval and what it was measured on. */
export function renderLeaderboard(
  rows: readonly LeaderboardRow[],
  { run, split, standing, confirmed = null, isNarrow = false }: LeaderboardView,
): string {
  const [first] = rows;
  if (first === undefined) return `No model of ${run} was evaluated on ${split} yet.\n`;
  const tasks = Object.keys(first.tasks);
  const columns: Column[] = [
    { title: "", align: "right" },
    { title: "model" },
    { title: "score", align: "right" },
    ...tasks.map((title): Column => ({ title, align: "right" })),
    { title: "over its base", align: "right" },
    ...(isNarrow ? [] : [{ title: "made by" }]),
  ];
  const table = renderTable(
    columns,
    rows.map((row) => [
      String(row.rank),
      titleOf(row),
      scoreOf(row),
      ...tasks.map((task) => formatScore(row.tasks[task]?.mean ?? 0)),
      row.overBase === null ? "" : formatChangeInterval(row.overBase),
      ...(isNarrow ? [] : [madeBy(row)]),
    ]),
  );
  const below = isNarrow ? rows.map((row) => `${row.model}: ${madeBy(row)}\n`).join("") : "";
  const barred = rows.filter(({ barriers }) => barriers.length > 0).map(({ model, barriers }) => `${model}: ${barriers.join(", ")}`);
  const marked = barred.length === 0 ? "" : `! may not win: ${barred.join("; ")}\n`;
  const again =
    confirmed === null
      ? ""
      : `Made again under fresh seeds, and so not in this table: ${confirmed} With intervals: temper finalize ${run}\n`;
  return `${run}, ${split} split, ${first.score.items} items, 95 % intervals, one training seed\n${table}${below}${marked}${optimismOf(standing)}${again}`;
}

function optimismOf(standing: SearchStanding | null): string {
  if (standing?.optimism == null) return "";
  const { evaluated, eligible, optimism, pareto } = standing;
  const others = pareto.length > 1 ? ` Best for some weights of the tasks: ${pareto.slice(0, 8).join(", ")}.` : "";
  return `${evaluated} evaluated, ${eligible} eligible. The best score ${describeOptimism(optimism)}, for being the best of them.${others}\n`;
}
