import { canonicalJson } from "../../action/canonical-json.ts";
import { describeAction } from "../../action/describe-action.ts";
import { variedSettings } from "../../action/varied-settings.ts";
import type { Plan } from "../../memory/plan.ts";
import type { Run } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

const toldCandidates = 3;

/** What the last decision ranked high and nobody has tried since. */
async function stillOpen(sheet: AnswerSheet, { store, run }: RunFacts): Promise<AnswerSection[]> {
  const last = (await store.decisions.list(run.id)).at(-1);
  if (last === undefined) return [];
  const tried = new Set((await store.trials.list(run.id)).map(({ action }) => canonicalJson(action)));
  const open = last.proposal.candidates.filter(({ action }) => !tried.has(canonicalJson(action))).slice(0, toldCandidates);
  sheet.source("decision", last.number, `decision ${last.number}, of trial ${last.trial}`);
  const sections: AnswerSection[] = [];
  if (open.length > 0) {
    const told = open.map(({ action, prediction }) => {
      const phrase = describeAction(action, variedSettings(run.config, action.type));
      const words = sheet.phrase(phrase, phrase);
      return prediction === null ? words : `${words} ${sheet.score(phrase, "prediction", prediction)}`;
    });
    sections.push({ title: `Ranked high at trial ${last.trial} and not tried yet`, text: `${told.join("; ")} (predicted).` });
  }
  const { next } = last.proposal;
  if (next.length > 0) {
    const steps = next.map(({ type, datasets }) => `${type}${datasets.length === 0 ? "" : ` on ${datasets.join(" and ")}`}`);
    sections.push({ title: `Hoped for after trial ${last.trial}`, text: `${steps.join(", then ")}.` });
  }
  return sections;
}

function leadOf(sheet: AnswerSheet, { name, state, finalOpenedAt }: Run, plan: Plan | null): string {
  const isOver = state === "finished" || state === "stopped" || state === "failed";
  if (isOver && (plan?.phase !== "confirm" || finalOpenedAt !== null))
    return `${name} is ${state}: nothing is tried any more. This is where it would have gone on.`;
  if (plan === null) return `${name} has no plan yet: it makes one before its first trial.`;
  return `${isOver ? `${name} is ${state}. ` : ""}Plan: ${sheet.quote("plan", plan.focus)}`;
}

/** "What would you try next?": the plan, what memory thinks promising, what is under way and what stood next in line. */
export async function nextAnswer(facts: RunFacts): Promise<Answer> {
  const { store, run } = facts;
  const sheet = new AnswerSheet();
  const plan = await store.plans.latest(run.id);
  const memory = await store.memories.latest(run.id);
  const live = await store.trials.live(run.id);
  const counts = await store.trials.counts(run.id);
  const left = Math.max(0, run.config.budget.trials - counts.chosen);
  const sections: AnswerSection[] = [];
  if (memory !== null && memory.directions !== "") {
    sheet.source("memory", memory.version, `memory version ${memory.version}, written after trial ${memory.trial}`);
    sections.push({ title: "What looks promising", text: sheet.quote("memory", memory.directions) });
  }
  if (live.length > 0) {
    const told = live.map(({ number, action, state }) => {
      sheet.source("trial", number, describeAction(action));
      return `trial ${number}: ${sheet.phrase(`trial ${number}`, describeAction(action))}${state === "waiting" ? " (waits for people)" : ""}`;
    });
    sections.push({ title: "Under way", text: `${told.join("; ")}.` });
  }
  sections.push(...(await stillOpen(sheet, facts)));
  sections.push({
    title: "Left",
    text: `${sheet.count("run", left, left === 1 ? "trial" : "trials")} of ${sheet.count("run", run.config.budget.trials, "planned")}.`,
  });
  if (plan !== null) sheet.source("plan", plan.version, `plan version ${plan.version}`);
  return sheet.finish({ lead: leadOf(sheet, run, plan), sections, suggestions: ["what did you learn about merges?", "leaderboard"] });
}
