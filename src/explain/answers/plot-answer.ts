import { readLineage } from "../../pipeline/read-lineage.ts";
import { bestSoFarChart } from "../../report/charts/best-so-far.ts";
import { effectsChart } from "../../report/charts/effects.ts";
import { windowsChart } from "../../report/charts/windows.ts";
import { collectReport } from "../../report/collect-report.ts";
import { lineageDot } from "../../report/lineage-dot.ts";
import type { ReportFacts } from "../../report/report-facts.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, Picture } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

/** What can be drawn of a run. */
export type Figure = "best" | "effects" | "windows" | "lineage";

function chartOf(figure: Exclude<Figure, "lineage">, report: ReportFacts): Picture | null {
  const { points, windows, effects, basis, noiseFloor, base, baselines } = report;
  if (figure === "effects") return effects.length === 0 ? null : { chart: effectsChart(effects, "search split") };
  if (figure === "windows") return windows.length === 0 ? null : { chart: windowsChart(windows, basis) };
  if (points.length === 0) return null;
  const references = [base, ...baselines].flatMap((row) =>
    row === null ? [] : [{ label: `${row.label} ${row.score.mean.toFixed(3)}`, score: row.score.mean }],
  );
  return { chart: bestSoFarChart({ points, references, noiseFloor, basis }) };
}

const titles = {
  best: "The best model after every chosen trial, with the baselines",
  effects: "What was learnt: effects with 95 % intervals",
  windows: "Mean, deviation and maximum per window of trials",
} as const;

async function lineageAnswer(facts: RunFacts, id: string): Promise<Answer> {
  const { store, run, scores } = facts;
  const sheet = new AnswerSheet();
  const { lineage, models } = await readLineage(store, run, id);
  const model = models.get(id);
  const outcomes = model === undefined ? null : await scores.outcomes(model);
  sheet.source("model", id, `the actions that made ${id}`);
  return sheet.finish({
    lead: `How ${id} was made, bases first.`,
    sections: [],
    picture: { dot: lineageDot(lineage, outcomes === null ? null : scores.measure(outcomes)) },
    suggestions: [`why was ${id} chosen?`, `recipe ${id}`],
    subject: id,
  });
}

/** A figure of the run. @param model the one whose lineage is drawn. */
export async function plotAnswer(facts: RunFacts, { figure, model }: { figure: Figure; model: string | null }): Promise<Answer> {
  const { store, run } = facts;
  if (figure === "lineage" && model !== null) return lineageAnswer(facts, model);
  const sheet = new AnswerSheet();
  const chosen = figure === "lineage" ? "best" : figure;
  const picture = chartOf(chosen, await collectReport(store, run));
  sheet.source("evaluation", run.id, `all evaluated trials of ${run.name} on the search split`);
  const lead =
    picture === null
      ? `${run.name} has nothing to draw there yet: too few trials were evaluated.`
      : sheet.quote("run", `${titles[chosen]}.`);
  return sheet.finish({ lead, sections: [], picture, suggestions: ["leaderboard", "what would you try next?"] });
}
