import { describeAction } from "../../action/describe-action.ts";
import { verdictOf } from "../../score/verdict.ts";
import { compareModels, type Comparison } from "../../service/compare-models.ts";
import { findModel } from "../../service/find-model.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

function verdict(sheet: AnswerSheet, { a, b, better, difference }: Comparison): string {
  const items = sheet.count([a, b], difference.items, "search items");
  if (better === "tie") {
    const why = verdictOf(difference) === "tie" ? "the interval holds 0" : "the gap is under the noise floor";
    return `That is not shown: ${a} is ${sheet.difference(a, b, difference)} over ${b}, paired over ${items}; ${why}, so it is a tie on these.`;
  }
  const [first, second] = better === "a" ? [a, b] : [b, a];
  const ahead = better === "a" ? difference : { mean: -difference.mean, low: -difference.high, high: -difference.low };
  return `${better === "a" ? "Yes" : "No, the other way round"}: ${first} is ${sheet.difference(first, second, ahead)} over ${second}, paired over ${items}.`;
}

function byTask(sheet: AnswerSheet, { a, b, tasks }: Comparison): string {
  const told = Object.entries(tasks).map(([task, difference]) => {
    const isTie = difference.low <= 0 && difference.high >= 0;
    return `${task} ${sheet.difference(a, b, difference)}${isTie ? " (tie)" : ""}`;
  });
  return `${told.join(", ")}; ${a} minus ${b}.`;
}

function noiseWords(sheet: AnswerSheet, { difference, noiseFloor }: Comparison): string {
  if (noiseFloor === null)
    return "not known in this run (nothing was repeated, or the repeats scored the same): another training seed may turn a small gap round.";
  const floor = sheet.mean("noise floor", "score", noiseFloor);
  return Math.abs(difference.mean) < noiseFloor
    ? `the gap is under the noise floor ${floor}: another training seed may turn it round.`
    : `the gap is over the noise floor ${floor}: it is more than another training seed does.`;
}

/**
 * "Is m17 really better than m9?": the paired difference with its interval, by task, and against the noise of training.
 * @throws UserInputError when one is unknown or was not evaluated.
 */
export async function compareAnswer(facts: RunFacts, { a, b }: { a: string; b: string }): Promise<Answer> {
  const { store, run, scores } = facts;
  const sheet = new AnswerSheet();
  const comparison = await compareModels(store, run, { a, b });
  const lead = verdict(sheet, comparison);
  const own: string[] = [];
  for (const id of [comparison.a, comparison.b]) {
    const model = await findModel(store, run, id);
    const trial = model.trial === null ? null : await store.trials.find(run.id, model.trial);
    const outcomes = await scores.outcomes(model);
    const made =
      trial === null ? `the base model ${model.name ?? id}` : sheet.phrase([id, `trial ${trial.number}`], describeAction(trial.action));
    if (outcomes !== null) own.push(`${id} ${sheet.score(id, "score", scores.measure(outcomes))} (${made})`);
    sheet.source("evaluation", id, `${id} on ${comparison.difference.items} items of the search split`);
    if (trial !== null) sheet.source("trial", trial.number, made);
  }
  return sheet.finish({
    lead,
    sections: [
      { title: "Scores", text: `${own.join("; ")}.` },
      { title: "By task", text: byTask(sheet, comparison) },
      { title: "Noise", text: noiseWords(sheet, comparison) },
    ],
    suggestions: [`why was ${comparison.a} made?`, `why was ${comparison.b} made?`],
    subject: comparison.better === "b" ? comparison.b : comparison.a,
  });
}
