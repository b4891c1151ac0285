import { citeTrials } from "../memory/cite-trials.ts";
import { formatChange, formatChangeInterval, formatInterval, formatScore } from "../memory/format-score.ts";
import { formatLineage } from "../pipeline/format-lineage.ts";
import type { Alternative, ApprovalFacts, DecisionFacts, OutcomeFacts, WhyFacts } from "./why-facts.ts";

/** Where an explanation is shown: `markdown` for chat and reports, `plain` for terminals. */
export interface WhyStyle {
  style: "plain" | "markdown";
}

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

function headline(facts: WhyFacts): string {
  const { model, trial, decision, phrase } = facts;
  if (trial === null) return facts.baseName === null ? (model ?? "It") : `${model} is the base model ${facts.baseName}.`;
  const subject = model === null ? `Trial ${trial}, ${phrase},` : `${model} = ${phrase},`;
  if (decision === null) return `${subject} was made in trial ${trial}${facts.label === null ? "" : ` (${facts.label})`}.`;
  return `${subject} was chosen at trial ${trial} by ${decision.chosenBy}.`;
}

function choice(decision: DecisionFacts): string {
  const { prediction, reason } = decision;
  if (prediction === null || reason.includes(formatScore(prediction.mean))) return reason;
  return `${reason} Predicted: ${formatInterval(prediction)}.`;
}

/** What else stood there, with predictions, and whether it was close. */
function alternatives(decision: DecisionFacts): string {
  const { alternatives: told, considered, spaceTotal } = decision;
  const others = Math.max(0, considered - 1);
  if (told.length === 0) {
    return others === 0
      ? "nothing: it was the only candidate."
      : `${whole.format(others)} other candidates; none was ranked or kept on record.`;
  }
  const named = told
    .map(({ phrase, prediction }) => (prediction === null ? phrase : `${phrase} ${formatScore(prediction.mean)}`))
    .join("; ");
  const rest = others - told.length;
  return `${named}${rest > 0 ? `; and ${whole.format(rest)} others` : ""}, of ${whole.format(spaceTotal)} untried actions.${closeness(told)}`;
}

/** Whether the choice was close, as far as there are predictions to compare. */
function closeness(told: readonly Alternative[]): string {
  const ranked = told.filter(({ overlaps }) => overlaps !== null).length;
  const close = told.filter(({ overlaps }) => overlaps === true).length;
  if (ranked === 0) return "";
  if (close === 0) return " No predicted interval among these overlaps with the chosen one's.";
  return ` The predicted intervals of ${close === ranked ? "all" : `${close}`} of these overlap with the chosen one's: it was close.`;
}

function evidence(decision: DecisionFacts): string {
  const effects = decision.effects
    .filter(({ trials }) => trials.length > 0)
    .map((effect) => `${effect.name} ${formatChangeInterval(effect)} (${citeTrials(effect.trials)})`);
  const trials = decision.evidence.map(({ number, phrase, model, score }) => {
    const outcome = score === null ? "no score" : `${model} ${formatScore(score)}`;
    return `trial ${number}: ${phrase} (${outcome})`;
  });
  const parts = [...effects, ...trials];
  return parts.length === 0 ? "no earlier trial: nothing comparable had been tried." : `${parts.join("; ")}.`;
}

function approval(facts: ApprovalFacts): string {
  const cost = facts.deviceHoursP90 === null ? "" : ` (p90 ${Number(facts.deviceHoursP90.toPrecision(2))} device-hours)`;
  const reason = facts.reason === null || facts.reason === "" ? "" : `: "${facts.reason}"`;
  switch (facts.state) {
    case "not-needed":
      return `not needed${cost}.`;
    case "pending":
      return `waits for people${cost}. ${facts.why ?? ""}`.trim();
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

function changes(outcome: OutcomeFacts): string {
  const told = outcome.tasks.map(({ task, difference }) => {
    const tie = difference.low <= 0 && difference.high >= 0;
    return `${task} ${formatChange(difference.mean)}${tie ? " (tie)" : ""}`;
  });
  return told.length === 0 ? "" : ` By task: ${told.join(", ")}.`;
}

function outcomeOf(outcome: OutcomeFacts): string {
  if (outcome.state === "failed")
    return `it failed: ${outcome.failure ?? "for an unknown reason"}${outcome.detail === null ? "" : ` (${outcome.detail})`}.`;
  if (outcome.state === "skipped") return `it was skipped: ${outcome.detail ?? outcome.failure ?? "no reason is on record"}.`;
  if (outcome.state !== "done") return `none yet: the trial is ${outcome.state === "waiting" ? "waiting for people" : "under way"}.`;
  if (outcome.score === null) return "it has no full set of scores on the search split.";
  const score = `${formatInterval(outcome.score)} on ${outcome.score.items} search items`;
  const difference = outcome.difference === null ? "" : `, ${formatChangeInterval(outcome.difference)} over ${outcome.parent}`;
  const held = outcome.predictionHeld === null ? "" : outcome.predictionHeld ? ", as predicted" : ", outside the predicted interval";
  const learnt = outcome.learnt === false ? " The did-it-learn check failed: it trained without learning." : "";
  const cache = outcome.fromCache ? " Answered from the cache." : "";
  const detail = outcome.detail === null ? "" : ` ${outcome.detail}`;
  return `${score}${difference}${held}.${changes(outcome)}${learnt}${detail}${cache}`;
}

/** An explanation in the order: the answer, what else stood there, evidence, memory then, approval, outcome, lineage. */
export function renderWhy(facts: WhyFacts, { style }: WhyStyle = { style: "plain" }): string {
  const strong = (text: string) => (style === "markdown" ? `**${text}**` : text);
  const section = (title: string, text: string) => `${strong(`${title}:`)} ${text}`;
  const { decision, outcome, lineage } = facts;
  const lines = [strong(headline(facts)), ...facts.missing];
  if (decision !== null) {
    lines[0] = `${lines[0]} ${choice(decision)}`;
    lines.push(section("What else stood there", alternatives(decision)), section("Evidence", evidence(decision)));
    if (decision.memory !== null)
      lines.push(
        section(
          "Memory then",
          `"${[decision.memory.experience, decision.memory.directions].filter((text) => text !== "").join(" ")}" (version ${decision.memory.version}, after trial ${decision.memory.trial})`,
        ),
      );
    if (decision.plan !== null) lines.push(section("Plan then", `${decision.plan.phase}: ${decision.plan.focus}`));
  }
  if (facts.approval !== null) lines.push(section("Approval", approval(facts.approval)));
  if (outcome !== null) lines.push(section("Outcome", outcomeOf(outcome)));
  if (lineage !== null && lineage.nodes.length > 1) {
    const drawing = formatLineage(lineage);
    lines.push(style === "markdown" ? `\`\`\`\n${drawing}\n\`\`\`` : `${strong("Lineage:")}\n${drawing.replaceAll(/^/gm, "  ")}`);
  }
  return lines.join("\n");
}
