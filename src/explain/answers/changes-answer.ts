import { describeAction } from "../../action/describe-action.ts";
import { comparePaired } from "../../score/compare.ts";
import { bestModel, isEligible } from "../../service/best-model.ts";
import { describePassedOver } from "../../service/passed-over.ts";
import type { Trial } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

const trialsTold = 5;
const spokenKinds = /^(approval|directive|run|plan|budget|objects|final|proposal|new-best|triage)/;

/** The best model that may win of those that were there at a moment; null when there was none. */
function bestAt({ store, run, scores }: RunFacts, moment: string): Promise<string | null> {
  return scores.first(async (id) => {
    const model = await store.objects.find(run.id, id);
    if (model?.kind !== "model") return false;
    const trial = model.trial === null ? null : await store.trials.find(run.id, model.trial);
    const wasThere = trial === null || (trial.endedAt ?? trial.createdAt) < moment;
    return wasThere && isEligible(store, run, scores, id);
  });
}

async function bestWords(sheet: AnswerSheet, facts: RunFacts, since: string): Promise<string> {
  const { store, run, scores } = facts;
  const now = await bestModel(store, run, scores);
  if (now === null) {
    const passedOver = await describePassedOver(store, run, scores, null);
    return passedOver === null ? "nothing is evaluated yet." : sheet.quote("run", passedOver);
  }
  const then = await bestAt(facts, since);
  const measured = async (id: string) => {
    const model = await store.objects.find(run.id, id);
    return model?.kind === "model" ? scores.outcomes(model) : null;
  };
  const own = await measured(now);
  if (own === null) return `${now} is best.`;
  sheet.source("evaluation", now, `${now} on the search split`);
  const score = `${now} ${sheet.score(now, "score", scores.measure(own))}`;
  if (then === null) return `${score}; nothing was evaluated before.`;
  if (then === now) return `still ${score}.`;
  const before = await measured(then);
  if (before === null) return `${score}.`;
  const gain = sheet.difference(now, then, comparePaired(own, before, scores.weights, scores.split));
  return `${score}, ${gain} over ${then}, the best then.`;
}

async function trialWords(sheet: AnswerSheet, facts: RunFacts, trial: Trial): Promise<string> {
  const { number, action, model, state, failure } = trial;
  const subjects = [`trial ${number}`, ...(model === null ? [] : [model])];
  const score = model === null ? null : await facts.score(model);
  sheet.source("trial", number, describeAction(action));
  const outcome = score === null ? (failure ?? state) : `${model} ${sheet.mean(subjects, "score", score)}`;
  return `trial ${number}: ${sheet.phrase(subjects, describeAction(action))} (${outcome})`;
}

/** "What changed since yesterday?": trials that ended, the best then and now, what people decided, what it cost. */
export async function changesAnswer(facts: RunFacts, { since, words }: { since: Date; words: string }): Promise<Answer> {
  const { store, run } = facts;
  const sheet = new AnswerSheet();
  const moment = since.toISOString();
  const ended = (await store.trials.list(run.id)).filter(({ endedAt }) => endedAt !== null && endedAt >= moment);
  const failed = ended.filter(({ state }) => state === "failed");
  const scored: { trial: Trial; score: number }[] = [];
  for (const trial of ended) scored.push({ trial, score: (trial.model === null ? null : await facts.score(trial.model)) ?? -1 });
  const told = scored.toSorted((a, b) => b.score - a.score).slice(0, trialsTold);
  const sections: AnswerSection[] = [{ title: "Best", text: await bestWords(sheet, facts, moment) }];
  if (told.length > 0) {
    const lines: string[] = [];
    for (const { trial } of told) lines.push(await trialWords(sheet, facts, trial));
    const rest = ended.length - told.length;
    sections.push({
      title: "Trials that ended",
      text: `${lines.join("; ")}${rest > 0 ? `; and ${sheet.count("run", rest, "others")}` : ""}.`,
    });
  }
  const events = (await store.events.list(run.id)).filter(({ time, kind }) => time >= moment && spokenKinds.test(kind)).slice(-8);
  for (const event of events) sheet.source("event", event.id, event.text);
  if (events.length > 0) sections.push({ title: "Decided and asked", text: events.map(({ text }) => sheet.quote("run", text)).join(" ") });
  const hours = ended.reduce((sum, trial) => sum + trial.deviceSeconds, 0) / 3600;
  sections.push({ title: "Cost of these trials", text: `${sheet.hours("run", hours)}.` });
  const count = `${sheet.count("run", ended.length, ended.length === 1 ? "trial" : "trials")} ended`;
  const failures = failed.length === 0 ? "" : `, ${sheet.count("run", failed.length, "of them failed")}`;
  return sheet.finish({
    lead: `${words[0]?.toUpperCase()}${words.slice(1)}: ${count}${failures}.`,
    sections,
    suggestions: ["what would you try next?", "leaderboard"],
  });
}
