import { readLineage } from "../../pipeline/read-lineage.ts";
import { type RunChart, runChart } from "../../report/charts/run-chart.ts";
import { collectReport } from "../../report/collect-report.ts";
import { lineageDot } from "../../report/lineage-dot.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

/** What can be drawn of a run. */
export type Figure = RunChart | "lineage";

const titles = {
  "best-so-far": "The best model after every chosen trial, with the baselines",
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
  const chosen = figure === "lineage" ? "best-so-far" : figure;
  const chart = runChart(chosen, await collectReport(store, run));
  sheet.source("evaluation", run.id, `all evaluated trials of ${run.name} on the search split`);
  const lead =
    chart === null ? `${run.name} has nothing to draw there yet: too few trials were evaluated.` : sheet.quote("run", `${titles[chosen]}.`);
  return sheet.finish({
    lead,
    sections: [],
    picture: chart === null ? null : { chart },
    suggestions: ["leaderboard", "what would you try next?"],
  });
}
