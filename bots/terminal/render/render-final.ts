import { formatChangeInterval, formatScore } from "#src/memory/format-score.ts";
import { verdictOf } from "#src/score/verdict.ts";
import { describeConfirmed } from "#src/service/describe-confirmed.ts";
import { describeOptimism } from "#src/service/describe-optimism.ts";
import { describeShrinkage } from "#src/service/describe-shrinkage.ts";
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

/** How far the winner's search score lies above its final one, beside the base's. */
export function renderShrinkage({ rows, winner }: FinalReport): string | null {
  const [first] = rows;
  const base = rows.find(({ label, model }) => label === "base" && model !== winner);
  return first === undefined ? null : describeShrinkage(first, base ?? null);
}

/** How the winner stands against SFT on all data, by the verdict of their paired difference. */
function againstSftAll({ winner, rows: [first] }: FinalReport): string[] {
  const against = first?.overSftAllCompute ?? first?.overSftAll ?? null;
  if (against === null) return [];
  const rival = `SFT on all data (${first?.overSftAllCompute == null ? "same steps" : "compute-matched"})`;
  const difference = `${formatChangeInterval(against)}, one training seed each`;
  const verdict = verdictOf(against);
  if (verdict === "tie") return [`${winner} and ${rival} are a tie: ${difference}.`];
  return [`${winner} is ${verdict === "ahead" ? "ahead of" : "behind"} ${rival}: ${difference}.`];
}

/** How many models stood there, and how optimistic the best score was expected to be. */
function standing({ standing: { evaluated, eligible, optimism }, selected, retained }: FinalReport): string {
  const counts = `${evaluated} evaluated, ${eligible} eligible, ${describeConfirmed({ selected, retained })}`;
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
  const shrinkage = renderShrinkage(report);
  const lines = [
    report.claim.text,
    ...renderConfirmation(report.confirmation),
    `The final split of ${report.run}, opened${report.openings.length > 1 ? " first" : " once"} at ${report.openedAt.slice(0, 16).replace("T", " ")} UTC: ${winner?.final.items ?? 0} items, 95 % intervals.`,
    renderTable(columns, rows).trimEnd(),
    ...againstSftAll(report),
    ...(shrinkage === null ? [] : [shrinkage]),
    standing(report),
    ...reopenings(report),
  ];
  return `${lines.join("\n")}\n`;
}
