import { describeAction } from "../../action/describe-action.ts";
import { type Action, isOfType } from "../../action/action.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";
import type { Wanted } from "./why-not-answer.ts";

const trialsTold = 15;

function isWanted(action: Action, { actionTypes, models, datasets }: Wanted): boolean {
  return (
    (actionTypes.length === 0 || actionTypes.some((type) => isOfType(action.type, type))) &&
    models.every((model) => action.models.includes(model)) &&
    datasets.every((dataset) => action.datasets.includes(dataset))
  );
}

/** Trials that use what was named, or that failed: the latest first. */
export async function trialsAnswer(facts: RunFacts, { wanted, isFailed }: { wanted: Wanted; isFailed: boolean }): Promise<Answer> {
  const { store, run } = facts;
  const sheet = new AnswerSheet();
  const all = await store.trials.list(run.id);
  const found = all.filter(({ action, state }) => isWanted(action, wanted) && (!isFailed || state === "failed")).toReversed();
  const lines: string[] = [];
  for (const { number, action, model, state, failure, label } of found.slice(0, trialsTold)) {
    const subjects = [`trial ${number}`, ...(model === null ? [] : [model])];
    const score = model === null ? null : await facts.score(model);
    const phrase = sheet.phrase(subjects, describeAction(action));
    const outcome = score === null ? (failure ?? state) : `${model} ${sheet.mean(subjects, "score", score)}`;
    sheet.source("trial", number, phrase);
    lines.push(`trial ${number}: ${phrase} (${outcome}${label === null ? "" : `; baseline ${label.replaceAll("_", " ")}`})`);
  }
  const named = [...wanted.actionTypes, ...wanted.models, ...wanted.datasets];
  const which = `${isFailed ? "failed " : ""}${found.length === 1 ? "trial" : "trials"}${named.length === 0 ? "" : ` with ${named.join(" and ")}`}`;
  const count = sheet.count("run", found.length, which);
  const rest = found.length - lines.length;
  if (rest > 0) lines.push(`and ${sheet.count("run", rest, "earlier ones")}`);
  return sheet.finish({
    lead: found.length === 0 ? `${run.name} has no ${which}.` : `${run.name} has ${count}.`,
    sections: lines.length === 0 ? [] : [{ title: "Trials, the latest first", block: lines.join("\n") }],
    suggestions: found[0] === undefined ? ["leaderboard"] : [`why trial ${found[0].number}?`],
    subject: found[0] === undefined ? null : (found[0].model ?? `trial ${found[0].number}`),
  });
}
