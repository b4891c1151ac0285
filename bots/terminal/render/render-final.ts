import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import { describeOptimism } from "#src/service/describe-optimism.ts";
import type { FinalReport } from "#graphs/conductor/final-report.ts";
import { renderConfirmation } from "./render-confirmation.ts";
import { formatMargin } from "./format-margin.ts";
import { renderTable } from "./table.ts";

const titles: Readonly<Record<string, string>> = {
  winner: "winner",
  base: "base",
  sft_all: "SFT on all data, same steps",
  sft_all_compute: "SFT on all data, compute-matched",
  single: "best single SFT",
  ties_grid: "best of the TIES grid",
};

/** How far the search was off. The winner was picked for its search score, so some optimism is to be expected. */
export function renderShrinkage(gap: number): string {
  if (Math.abs(gap) < 0.0005) return "Its search score was right.";
  return `Its search score was ${formatScore(Math.abs(gap))} too ${gap > 0 ? "optimistic" : "low"}.`;
}

/** How many models stood there, and how optimistic the best score was expected to be. */
function standing({ standing: { evaluated, eligible, optimism }, confirmation: { rows }, retained }: FinalReport): string {
  const selected = rows.filter(({ role }) => role === "candidate").length;
  const counts = `${evaluated} evaluated, ${eligible} eligible, ${selected} selected, ${retained} retained (ahead of the strongest baseline on confirm)`;
  return optimism === null ? `Models: ${counts}.` : `Models: ${counts}. The best search score ${describeOptimism(optimism, "was")}.`;
}

/** Every opening but the first, with its reason. */
function reopenings({ openings }: FinalReport): string[] {
  return openings.length < 2 ? [] : [`The split was opened ${openings.length} times: ${openings.join(" ")}`];
}

/** The `final` table: every model that the split was opened for, with intervals, and how far the search was off. */
export function renderFinal(report: FinalReport): string {
  const [winner] = report.rows;
  const tasks = Object.keys(winner?.tasks ?? {});
  const columns = [
    { title: "" },
    { title: "model" },
    { title: "final", align: "right" as const },
    { title: "search", align: "right" as const },
    ...tasks.map((title) => ({ title, align: "right" as const })),
    { title: "over base" },
  ];
  const rows = report.rows.map((row) => [
    titles[row.label] ?? row.label,
    row.model,
    formatMargin(row.final),
    formatScore(row.search.mean),
    ...tasks.map((task) => {
      const measured = row.tasks[task];
      return measured === undefined ? "" : formatMargin(measured);
    }),
    row.overBase === null ? "" : formatChangeInterval(row.overBase),
  ]);
  const against = winner?.overSftAllCompute ?? winner?.overSftAll ?? null;
  const name = winner?.overSftAllCompute == null ? "same steps" : "compute-matched";
  const lines = [
    report.claim.text,
    ...renderConfirmation(report.confirmation),
    `The final split of ${report.run}, opened${report.openings.length > 1 ? " first" : " once"} at ${report.openedAt.slice(0, 16).replace("T", " ")} UTC: ${winner?.final.items ?? 0} items, 95 % intervals.`,
    renderTable(columns, rows).trimEnd(),
    ...(against === null ? [] : [`${report.winner} is ahead of SFT on all data (${name}) by ${formatChangeInterval(against)}.`]),
    renderShrinkage(report.shrinkage),
    standing(report),
    ...reopenings(report),
  ];
  return `${lines.join("\n")}\n`;
}
