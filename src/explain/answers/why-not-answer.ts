import { type Action, actionTypeNames, isOfType } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import { variedSettings } from "../../action/varied-settings.ts";
import type { Candidate } from "../../policy/policy.ts";
import type { Decision, Trial } from "../../store/store.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { RunFacts } from "../run-facts.ts";

/** What somebody asks "why not" of: the parts of an action that they named. */
export interface Wanted {
  actionTypes: readonly string[];
  models: readonly string[];
  datasets: readonly string[];
  /** Their words. */
  text: string;
}

/** A decision to ask about: the latest, or that of the trial in question. */
async function decisionOf({ store, run }: RunFacts, trial: number | null): Promise<Decision | null> {
  const own = trial === null ? null : await store.decisions.ofTrial(run.id, trial);
  return own ?? (await store.decisions.list(run.id)).at(-1) ?? null;
}

function matches(action: Action, wanted: Wanted): boolean {
  return (
    (wanted.actionTypes.length === 0 || wanted.actionTypes.some((type) => isOfType(action.type, type))) &&
    wanted.models.every((model) => action.models.includes(model)) &&
    wanted.datasets.every((dataset) => action.datasets.includes(dataset))
  );
}

const placesTold = 3;

function rankedLower(
  sheet: AnswerSheet,
  { config }: RunFacts["run"],
  decision: Decision,
  found: { candidate: Candidate; place: number }[],
): string {
  const told = found.slice(0, placesTold).map(({ candidate: { action, prediction }, place }) => {
    const phrase = describeAction(action, variedSettings(config, action.type));
    const words = sheet.phrase(phrase, phrase);
    const hoped = prediction === null ? "no prediction" : `predicted ${sheet.score(phrase, "prediction", prediction)}`;
    return `${words}: ${hoped}, place ${sheet.count(phrase, place, "").trim()}`;
  });
  return `${told.join("; ")}. ${sheet.count("decision", decision.proposal.candidatesConsidered, "candidates")} were ranked.`;
}

async function triedAlready(sheet: AnswerSheet, facts: RunFacts, trials: readonly Trial[]): Promise<string> {
  const told: string[] = [];
  for (const { number, action, model, state, failure } of trials.slice(-placesTold)) {
    const subjects = [`trial ${number}`, ...(model === null ? [] : [model])];
    const score = model === null ? null : await facts.score(model);
    sheet.source("trial", number, describeAction(action));
    const outcome = score === null ? (failure ?? state) : `${model} ${sheet.mean(subjects, "score", score)}`;
    told.push(`trial ${number}: ${sheet.phrase(subjects, describeAction(action))} (${outcome})`);
  }
  return `${told.join("; ")}${trials.length > placesTold ? `; and ${sheet.count("run", trials.length - placesTold, "more")}` : ""}.`;
}

/** Wishes of people that forbid it. */
async function bannedBy(sheet: AnswerSheet, { store, run }: RunFacts, wanted: Wanted): Promise<string[]> {
  const named = new Set([...wanted.actionTypes, ...wanted.models, ...wanted.datasets]);
  return (await store.directives.list(run.id)).flatMap(({ id, author, text, body, revokedAt }) => {
    if (revokedAt !== null || body.kind !== "ban") return [];
    const parts = [body.object, body.actionType, body.combination?.object, body.combination?.actionType].filter(
      (part) => part !== undefined,
    );
    return parts.every((part) => named.has(part)) ? [`${author} asked: "${sheet.quote("run", text)}" (wish ${id})`] : [];
  });
}

function missingTypes({ config }: RunFacts["run"], wanted: Wanted): string[] {
  const known = actionTypeNames.filter((type) => config.actions[type] !== undefined);
  return wanted.actionTypes.filter((named) => !known.some((type) => isOfType(type, named)));
}

interface Findings {
  banned: string[];
  absent: string[];
  ranked: { candidate: Candidate; place: number }[];
  before: Trial[];
}

function leadOf({ banned, absent, ranked, before }: Findings, decision: Decision, asked: string): string {
  if (absent.length > 0) return `${absent.join(" and ")} is not among the action types of this run.`;
  if (banned.length > 0) return `People ruled it out: ${banned.join("; ")}.`;
  if (ranked.length > 0) {
    return `It stood there at trial ${decision.trial} and was ranked below what was chosen.`;
  }
  if (before.length > 0) return `It was tried already: nothing is trained twice.`;
  return `"${asked}" is not among the candidates on record of trial ${decision.trial}: why it was not ranked higher cannot be said from the record.`;
}

/** "Why not X?": whether it stood there and how it was ranked, whether it was tried, whether people ruled it out. */
export async function whyNotAnswer(facts: RunFacts, { wanted, trial }: { wanted: Wanted; trial: number | null }): Promise<Answer> {
  const { store, run } = facts;
  const sheet = new AnswerSheet();
  const decision = await decisionOf(facts, trial);
  if (decision === null) {
    return sheet.finish({ lead: `${run.name} has decided nothing yet: there is no record to answer from.`, sections: [] });
  }
  const [chosen, ...others] = decision.proposal.candidates;
  const ranked = others.flatMap((candidate, index) => (matches(candidate.action, wanted) ? [{ candidate, place: index + 2 }] : []));
  const before = (await store.trials.list(run.id)).filter((each) => each.number !== decision.trial && matches(each.action, wanted));
  const findings: Findings = { banned: await bannedBy(sheet, facts, wanted), absent: missingTypes(run, wanted), ranked, before };
  sheet.source("decision", decision.number, `decision ${decision.number}, of trial ${decision.trial}, by ${decision.policy}`);
  const prediction = chosen?.prediction ?? null;
  const subject = `trial ${decision.trial}`;
  const phrase = sheet.phrase(subject, describeAction(decision.proposal.action));
  const hoped = prediction === null ? "" : `, predicted ${sheet.score(subject, "prediction", prediction)}`;
  const sections: AnswerSection[] = [
    { title: `Chosen at trial ${decision.trial}`, text: `${phrase}${hoped}. ${sheet.quote(subject, decision.proposal.reason)}` },
  ];
  if (ranked.length > 0) sections.push({ title: "How it was ranked", text: rankedLower(sheet, run, decision, ranked) });
  if (before.length > 0) sections.push({ title: "Tried", text: await triedAlready(sheet, facts, before) });
  return sheet.finish({
    lead: leadOf(findings, decision, sheet.quote(subject, wanted.text)),
    sections,
    suggestions: [`why was trial ${decision.trial} chosen?`],
    subject,
  });
}
