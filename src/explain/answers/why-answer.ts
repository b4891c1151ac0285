import { citeTrials } from "../../memory/cite-trials.ts";
import { formatChange, formatScore } from "../../memory/format-score.ts";
import { formatLineage } from "../../pipeline/format-lineage.ts";
import { lineageDot } from "../../report/lineage-dot.ts";
import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, AnswerSection } from "../answer/answer.ts";
import type { Alternative, ApprovalFacts, DecisionFacts, OutcomeFacts, WhyFacts } from "../why-facts.ts";

type Subjects = readonly string[];

/** How `m24` and `trial 33` are called in facts. */
function subjectsOf({ model, trial }: WhyFacts): Subjects {
  return [...(model === null ? [] : [model]), ...(trial === null ? [] : [`trial ${trial}`])];
}

function headline(sheet: AnswerSheet, facts: WhyFacts): string {
  const { model, trial, decision } = facts;
  const phrase = sheet.phrase(subjectsOf(facts), facts.phrase ?? "");
  if (trial === null) return facts.baseName === null ? (model ?? "It") : `${model} is the base model ${facts.baseName}.`;
  const subject = model === null ? `Trial ${trial}, ${phrase},` : `${model} = ${phrase},`;
  if (decision === null) return `${subject} was made in trial ${trial}${facts.label === null ? "" : ` (${facts.label})`}.`;
  return `${subject} was chosen at trial ${trial} by ${decision.chosenBy}.`;
}

function choice(sheet: AnswerSheet, subjects: Subjects, decision: DecisionFacts): string {
  const { prediction } = decision;
  const reason = sheet.quote(subjects, decision.reason);
  const told = prediction === null ? "" : sheet.score(subjects, "prediction", prediction);
  return prediction === null || reason.includes(formatScore(prediction.mean)) ? reason : `${reason} Predicted: ${told}.`;
}

/** What else stood there, with predictions, and whether it was close. */
function alternatives(sheet: AnswerSheet, decision: DecisionFacts): string {
  const { alternatives: told, considered, spaceTotal } = decision;
  const others = Math.max(0, considered - 1);
  if (told.length === 0) {
    return others === 0
      ? "nothing: it was the only candidate."
      : `${sheet.count("decision", others, "other candidates")}; none was ranked or kept on record.`;
  }
  const named = told.map(({ phrase, prediction }) => {
    const words = sheet.phrase(phrase, phrase);
    return prediction === null ? words : `${words} ${sheet.score(phrase, "prediction", prediction)}`;
  });
  const rest = others - told.length;
  const more = rest > 0 ? `; and ${sheet.count("decision", rest, "others")}` : "";
  return `${named.join("; ")}${more}, of ${sheet.count("decision", spaceTotal, "untried actions")}.${closeness(sheet, told)}`;
}

/** Whether the choice was close, as far as there are predictions to compare. */
function closeness(sheet: AnswerSheet, told: readonly Alternative[]): string {
  const ranked = told.filter(({ overlaps }) => overlaps !== null).length;
  const close = told.filter(({ overlaps }) => overlaps === true).length;
  if (ranked === 0) return "";
  if (close === 0) return " No predicted interval among these overlaps with the chosen one's.";
  const share = close === ranked ? "all" : sheet.count("decision", close, "").trim();
  return ` The predicted intervals of ${share} of these overlap with the chosen one's: it was close.`;
}

function evidence(sheet: AnswerSheet, decision: DecisionFacts): string {
  const effects = decision.effects
    .filter(({ trials }) => trials.length > 0)
    .map(
      (effect) =>
        `${effect.name} ${sheet.effect([effect.name, ...effect.trials.map((trial) => `trial ${trial}`)], effect)} (${citeTrials(effect.trials)})`,
    );
  const trials = decision.evidence.map(({ number, phrase, model, score }) => {
    const subjects = [`trial ${number}`, ...(model === null ? [] : [model])];
    sheet.source("trial", number, phrase);
    const outcome = score === null ? "no score" : `${model} ${sheet.mean(subjects, "score", score)}`;
    return `trial ${number}: ${sheet.phrase(subjects, phrase)} (${outcome})`;
  });
  const parts = [...effects, ...trials];
  return parts.length === 0 ? "no earlier trial: nothing comparable had been tried." : `${parts.join("; ")}.`;
}

function approval(sheet: AnswerSheet, subjects: Subjects, facts: ApprovalFacts): string {
  const p90 = facts.deviceHoursP90;
  const cost = p90 === null ? "" : ` (p90 ${sheet.rounded(subjects, p90, "device-hours")})`;
  const reason = facts.reason === null || facts.reason === "" ? "" : `: "${sheet.quote(subjects, facts.reason)}"`;
  switch (facts.state) {
    case "not-needed":
      return `not needed${cost}.`;
    case "pending":
      return `waits for people${cost}. ${sheet.quote(subjects, facts.why ?? "")}`.trim();
    case "expired":
      return `nobody answered in time${cost}.`;
    case "cancelled":
      return `the question was withdrawn${reason}.`;
    case "approved":
    case "rejected":
      break;
  }
  return `${facts.state} by ${facts.by ?? "an unknown person"}${facts.at === null ? "" : `, ${facts.at}`}${cost}${reason}.`;
}

function changes(sheet: AnswerSheet, facts: WhyFacts, outcome: OutcomeFacts): string {
  const told = outcome.tasks.map(({ task, difference }) => {
    const tie = difference.low <= 0 && difference.high >= 0;
    sheet.difference(facts.model ?? "", outcome.parent ?? "", difference);
    return `${task} ${formatChange(difference.mean)}${tie ? " (tie)" : ""}`;
  });
  return told.length === 0 ? "" : ` By task: ${told.join(", ")}.`;
}

function outcomeOf(sheet: AnswerSheet, facts: WhyFacts, outcome: OutcomeFacts): string {
  const subjects = subjectsOf(facts);
  const detail = sheet.quote(subjects, outcome.detail ?? "");
  if (outcome.state === "failed") return `it failed: ${outcome.failure ?? "for an unknown reason"}${detail === "" ? "" : ` (${detail})`}.`;
  if (outcome.state === "skipped") return `it was skipped: ${detail === "" ? (outcome.failure ?? "no reason is on record") : detail}.`;
  if (outcome.state !== "done") return `none yet: the trial is ${outcome.state === "waiting" ? "waiting for people" : "under way"}.`;
  if (outcome.score === null) return "it has no full set of scores on the search split.";
  const score = `${sheet.score(subjects, "score", outcome.score)} on ${sheet.count(subjects, outcome.score.items, "search items")}`;
  const difference =
    outcome.difference === null
      ? ""
      : `, ${sheet.difference(facts.model ?? "", outcome.parent ?? "", outcome.difference)} over ${outcome.parent}`;
  const held = outcome.predictionHeld === null ? "" : outcome.predictionHeld ? ", as predicted" : ", outside the predicted interval";
  const learnt = outcome.learnt === false ? " The did-it-learn check failed: it trained without learning." : "";
  const cache = outcome.fromCache ? " Answered from the cache." : "";
  return `${score}${difference}${held}.${changes(sheet, facts, outcome)}${learnt}${detail === "" ? "" : ` ${detail}`}${cache}`;
}

function decisionSections(sheet: AnswerSheet, subjects: Subjects, decision: DecisionFacts): AnswerSection[] {
  const { memory, plan } = decision;
  sheet.source("decision", decision.number, `decision ${decision.number} by ${decision.policy}: ${decision.reason}`);
  const sections: AnswerSection[] = [
    { title: "What else stood there", text: alternatives(sheet, decision) },
    { title: "Evidence", text: evidence(sheet, decision) },
  ];
  if (memory !== null) {
    const words = [memory.experience, memory.directions].filter((text) => text !== "").join(" ");
    sheet.source("memory", memory.version, `memory version ${memory.version}, written after trial ${memory.trial}`);
    sheet.count("memory", memory.version, "version");
    sections.push({
      title: "Memory then",
      text: `"${sheet.quote(subjects, words)}" (version ${memory.version}, after trial ${memory.trial})`,
    });
  }
  if (plan !== null) {
    sheet.source("plan", plan.version, `plan version ${plan.version}: ${plan.focus}`);
    // The rule-based planner's words begin with the phase by themselves.
    const focus = sheet.quote(subjects, plan.focus);
    const isNamed = plan.focus.toLowerCase().startsWith(plan.phase);
    sections.push({ title: "Plan then", text: isNamed ? focus : `${plan.phase}: ${focus}` });
  }
  return sections;
}

function lineageSection(sheet: AnswerSheet, { lineage }: WhyFacts): AnswerSection[] {
  if (lineage === null || lineage.nodes.length < 2) return [];
  for (const node of lineage.nodes) sheet.phrase(node.id, node.method ?? "");
  for (const { to, weight } of lineage.edges) if (weight !== null) sheet.phrase(to, String(weight));
  return [{ title: "Lineage", block: formatLineage(lineage) }];
}

function suggestions({ decision, model, outcome }: WhyFacts): string[] {
  const other = decision?.alternatives[0]?.phrase;
  return [
    ...(other === undefined ? [] : [`why not ${other}?`]),
    ...(model !== null && outcome?.parent != null ? [`is ${model} really better than ${outcome.parent}?`] : []),
    "what would you try next?",
  ];
}

/** Why something was chosen, in the order: the answer, what else stood there, evidence, memory then, approval, outcome, lineage. */
export function whyAnswer(facts: WhyFacts): Answer {
  const sheet = new AnswerSheet();
  const subjects = subjectsOf(facts);
  const { decision, outcome, lineage, model, trial } = facts;
  if (trial !== null) sheet.source("trial", trial, facts.phrase ?? "");
  const lead = headline(sheet, facts);
  const sections: AnswerSection[] = facts.missing.map((text) => ({ title: null, text }));
  if (decision !== null) sections.push(...decisionSections(sheet, subjects, decision));
  if (facts.approval !== null) sections.push({ title: "Approval", text: approval(sheet, subjects, facts.approval) });
  if (outcome !== null) sections.push({ title: "Outcome", text: outcomeOf(sheet, facts, outcome) });
  if (outcome?.score != null) sheet.source("evaluation", model ?? "", `${model} on ${outcome.score.items} items of the search split`);
  for (const { dataset, text } of facts.overlaps)
    sections.push({ title: "Overlap", text: sheet.quote(dataset, `of ${dataset}, ${text}: scores there may be memory.`) });
  sections.push(...lineageSection(sheet, facts));
  const hasGraph = lineage !== null && lineage.nodes.length > 1;
  return sheet.finish({
    lead: decision === null ? lead : `${lead} ${choice(sheet, subjects, decision)}`,
    sections,
    picture: hasGraph ? { dot: lineageDot(lineage, outcome?.score ?? null) } : null,
    suggestions: suggestions(facts),
    subject: model ?? (trial === null ? null : `trial ${trial}`),
  });
}
