import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import type { LeaderboardRow } from "#src/service/leaderboard.ts";
import { formatMargin } from "./format-margin.ts";
import { type Column, renderTable } from "./table.ts";

function titleOf({ model, name, label }: LeaderboardRow): string {
  if (name !== null) return `${model} (${name})`;
  return label === null ? model : `${model} (${label.replaceAll("_", " ")})`;
}

function scoreOf({ score, floors }: LeaderboardRow): string {
  return floors.met ? formatMargin(score) : `${formatMargin(score)} !`;
}

/** Models best first; every number with its 95 % interval and what it was measured on. */
export function renderLeaderboard(rows: readonly LeaderboardRow[], run: string, split: string): string {
  const [first] = rows;
  if (first === undefined) return `No model of ${run} was evaluated on ${split} yet.\n`;
  const tasks = Object.keys(first.tasks);
  const columns: Column[] = [
    { title: "", align: "right" },
    { title: "model" },
    { title: "score", align: "right" },
    ...tasks.map((title): Column => ({ title, align: "right" })),
    { title: "over its base", align: "right" },
    { title: "made by" },
  ];
  const table = renderTable(
    columns,
    rows.map((row) => [
      String(row.rank),
      titleOf(row),
      scoreOf(row),
      ...tasks.map((task) => formatScore(row.tasks[task]?.mean ?? 0)),
      row.overBase === null ? "" : formatChangeInterval(row.overBase),
      row.trial === null ? row.made : `${row.made} (trial ${row.trial})`,
    ]),
  );
  const broken = rows.filter((row) => !row.floors.met);
  const floors =
    broken.length === 0
      ? ""
      : `! breaks a floor: ${broken.map(({ model, floors: { broken: tasksBroken } }) => `${model} ${tasksBroken.join(", ")}`).join("; ")}\n`;
  return `${run}, ${split} split, ${first.score.items} items, 95 % intervals, one training seed\n${table}${floors}`;
}
