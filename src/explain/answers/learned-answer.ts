import { type Action, isOfType } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import { citeTrials } from "../../memory/cite-trials.ts";
import type { Effect } from "../../memory/memory.ts";
import type { Trial } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

/** What somebody asks about: a dataset, a model, or a kind of action. */
export interface Topic {
  kind: "dataset" | "model" | "action type";
  id: string;
}

const effectsTold = 6;
const trialsTold = 4;

function isAbout(action: Action, { kind, id }: Topic): boolean {
  if (kind === "dataset") return action.datasets.includes(id);
  return kind === "model" ? action.models.includes(id) : isOfType(action.type, id);
}

/** Whether an effect's name speaks of the topic: `dataset:math`, `sft × math`, `math after trivia`, `type:sft`. */
function namesTopic(name: string, { kind, id }: Topic): boolean {
  const parts = name
    .replace(/ at \d.*$/, "")
    .split(/[:×+]|\bafter\b/)
    .map((part) => part.trim());
  if (kind !== "action type") return parts.includes(id);
  return parts.some(
    (part) => part === id || (id === "merge" && part.startsWith("merge_")) || (id === "preference" && /^(dpo|kto|orpo)$/.test(part)),
  );
}

/** Sentences of a text that name it. */
function sentencesOn(text: string, { id }: Topic): string {
  return (text.match(/[^.!?]+(?:[.!?](?=\d)[^.!?]*)*[.!?]?/g) ?? [])
    .filter((sentence) =>
      sentence
        .toLowerCase()
        .split(/[^\p{L}\p{N}_-]+/u)
        .includes(id.toLowerCase()),
    )
    .map((sentence) => sentence.trim())
    .join(" ");
}

function effectWords(sheet: AnswerSheet, effect: Effect): string {
  const subjects = [effect.name, ...effect.name.split(/[:×+]|\bafter\b/).map((part) => part.trim())];
  return `${effect.name} ${sheet.effect(subjects, effect)} over ${sheet.count(subjects, effect.count, effect.count === 1 ? "trial" : "trials")} (${citeTrials(effect.trials)})`;
}

interface Outcome {
  trial: Trial;
  score: number;
  /** Against the better parent. */
  change: number | null;
}

async function outcomes(facts: RunFacts, trials: readonly Trial[]): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (const trial of trials) {
    const score = trial.model === null ? null : await facts.score(trial.model);
    if (score === null) continue;
    let parent: number | null = null;
    for (const id of trial.action.models) {
      const parentScore = await facts.score(id);
      if (parentScore !== null && (parent === null || parentScore > parent)) parent = parentScore;
    }
    found.push({ trial, score, change: parent === null ? null : score - parent });
  }
  return found.toSorted((a, b) => (b.change ?? -1) - (a.change ?? -1));
}

function trialWords(sheet: AnswerSheet, { trial, score, change }: Outcome): string {
  const { number, action, model } = trial;
  const subjects = [`trial ${number}`, ...(model === null ? [] : [model])];
  const phrase = sheet.phrase(subjects, describeAction(action));
  sheet.source("trial", number, phrase);
  const over = change === null ? "" : `, ${sheet.change(subjects, change)} over the better parent`;
  return `trial ${number}: ${phrase} (${model} ${sheet.mean(subjects, "score", score)}${over})`;
}

function tellTrials(sheet: AnswerSheet, found: readonly Outcome[]): AnswerSection[] {
  if (found.length === 0) return [];
  const best = found.slice(0, trialsTold);
  const worst = found.slice(trialsTold).slice(-2);
  const sections: AnswerSection[] = [
    { title: "Trials that gained most", text: `${best.map((each) => trialWords(sheet, each)).join("; ")}.` },
  ];
  if (worst.length > 0) sections.push({ title: "Least", text: `${worst.map((each) => trialWords(sheet, each)).join("; ")}.` });
  return sections;
}

function tellFailures(sheet: AnswerSheet, trials: readonly Trial[]): AnswerSection[] {
  const failed = trials.filter(({ state }) => state === "failed");
  if (failed.length === 0) return [];
  const told = failed.slice(-trialsTold).map(({ number, action, failure }) => {
    sheet.source("trial", number, `${describeAction(action)}: ${failure ?? "failed"}`);
    return `trial ${number}: ${sheet.phrase(`trial ${number}`, describeAction(action))} (${failure ?? "unknown reason"})`;
  });
  return [{ title: "Failed", text: `${told.join("; ")}.` }];
}

function leadOf(
  sheet: AnswerSheet,
  { topic, effects, trials, found }: { topic: Topic; effects: readonly Effect[]; trials: readonly Trial[]; found: readonly Outcome[] },
): string {
  const name = topic.kind === "action type" ? topic.id.replaceAll("_", " ") : `${topic.kind} ${topic.id}`;
  const own = effects[0];
  if (own !== undefined) {
    const reading = own.low > 0 ? "it helps" : own.high < 0 ? "it hurts" : "whether it helps is not clear yet";
    return `On ${name}, ${reading}: ${effectWords(sheet, own)}.`;
  }
  if (trials.length === 0) return `Nothing yet: no trial of this run has used ${name}.`;
  const using = sheet.count(topic.id, trials.length, trials.length === 1 ? "trial" : "trials");
  return `On ${name} there is no effect with an interval yet; ${using} used it, ${sheet.count(topic.id, found.length, "with a score")}.`;
}

/** "What did you learn about Y?": effects with intervals, the trials behind them, what memory says, what failed, what people wished. */
export async function learnedAnswer(facts: RunFacts, topic: Topic): Promise<Answer> {
  const { store, run } = facts;
  const sheet = new AnswerSheet();
  const memory = await store.memories.latest(run.id);
  const own = (memory?.effects ?? []).filter(({ name }) => namesTopic(name, topic));
  const effects = own.toSorted((a, b) => Number(b.name.includes(":")) - Number(a.name.includes(":")) || b.count - a.count);
  const trials = (await store.trials.list(run.id)).filter(({ action }) => isAbout(action, topic));
  const found = await outcomes(facts, trials);
  const lead = leadOf(sheet, { topic, effects, trials, found });
  const sections: AnswerSection[] = [];
  const more = effects.slice(1, effectsTold);
  if (more.length > 0) sections.push({ title: "More closely", text: `${more.map((effect) => effectWords(sheet, effect)).join("; ")}.` });
  sections.push(...tellTrials(sheet, found), ...tellFailures(sheet, trials));
  if (memory !== null) {
    sheet.source("memory", memory.version, `memory version ${memory.version}, written after trial ${memory.trial}`);
    const words = sentencesOn(`${memory.experience} ${memory.directions}`, topic);
    if (words !== "") sections.push({ title: "Memory says", text: sheet.quote(topic.id, words) });
  }
  const wishes = (await store.directives.list(run.id)).filter(
    ({ body, revokedAt }) => revokedAt === null && JSON.stringify(body).includes(`"${topic.id}"`),
  );
  for (const { id, author, text } of wishes) sheet.source("directive", id, `${author}: "${text}"`);
  if (wishes.length > 0)
    sections.push({
      title: "Wishes",
      text: `${wishes.map(({ id, author, text }) => `${author}: "${sheet.quote(topic.id, text)}" (wish ${id})`).join("; ")}.`,
    });
  return sheet.finish({ lead, sections, suggestions: ["what would you try next?", "plot effects"] });
}
