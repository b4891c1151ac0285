import { formatChangeInterval, formatScore } from "../memory/format-score.ts";
import { describeConstantTask } from "../score/constant-tasks.ts";
import { describeConfirmed } from "../service/describe-confirmed.ts";
import { describeOptimism } from "../service/describe-optimism.ts";
import { differenceWithInterval, formatSeconds, scoreWithInterval } from "./format.ts";
import type { ReportFacts, ScoredModel } from "./report-facts.ts";

/** A table as rows of cells; the first row is its head. HTML and Markdown are made of the same ones. */
export type Table = string[][];

/** The answer first: what was found, by how much, at what cost, how sure. */
export function answerSentences(facts: ReportFacts): string[] {
  const { best, base, final, cost, counts } = facts;
  if (best === null && facts.passedOver === null) return ["Nothing was evaluated on every task yet."];
  const sentences = best === null ? [] : [`Best so far: ${best.model}, ${scoreWithInterval(best.score)} on the ${facts.basis}.`];
  if (facts.passedOver !== null) sentences.push(facts.passedOver);
  if (base !== null) sentences.push(`The base ${base.model} has ${scoreWithInterval(base.score)} there.`);
  if (facts.standing.optimism !== null && best !== null)
    sentences.push(
      `${best.model} is the best of ${facts.standing.eligible} eligible models (${facts.standing.evaluated} evaluated): its score ${describeOptimism(facts.standing.optimism)} for that alone.`,
    );
  if (facts.claim !== null) sentences.push(facts.claim);
  if (facts.confirmCounts !== null) sentences.push(`Candidates: ${describeConfirmed(facts.confirmCounts)}.`);
  const [winner, ...others] = final;
  if (winner === undefined)
    sentences.push(
      "The final split is sealed: `temper finalize` opens it once, at the end. Search scores of the best of many models are too optimistic.",
    );
  else {
    sentences.push(
      `On the final split (${winner.score.items} items, opened ${facts.openings.length > 1 ? `${facts.openings.length} times` : "once"}) ${winner.model} has ${scoreWithInterval(winner.score)}.`,
    );
    const rival = others.find((row) => row.label.startsWith("SFT on all")) ?? others[0];
    if (rival?.winnerMinusThis != null)
      sentences.push(`Against ${rival.label} (${rival.model}): ${differenceWithInterval(rival.winnerMinusThis)}, paired by item.`);
    if (facts.shrinkage !== null) sentences.push(facts.shrinkage);
  }
  sentences.push(
    `Cost: ${counts.chosen} chosen trials and ${counts.other} others, ${formatSeconds(cost.deviceSeconds)} of devices${cost.usd > 0 ? `, $${cost.usd.toFixed(2)}` : ""}${cost.llmTokens > 0 ? `, ${cost.llmTokens} LLM tokens ($${cost.llmUsd.toFixed(2)})` : ""}; ${counts.chosenFromCache} chosen trials were answered from the cache.`,
  );
  return sentences;
}

function taskHead(models: readonly ScoredModel[]): string[] {
  return (models[0]?.tasks ?? []).map(({ task, score }) => `${task} (${score.items})`);
}

/** Scores by task, strict, with intervals; items in the head. */
export function taskTable(models: readonly ScoredModel[]): Table {
  return [
    ["model", "score", ...taskHead(models)],
    ...models.map((row) => [
      `${row.label}${row.label.includes(row.model) ? "" : ` (${row.model})`}`,
      scoreWithInterval(row.score),
      ...row.tasks.map(({ score }) => scoreWithInterval(score)),
    ]),
  ];
}

/** What the strict score hides: the lenient one, and what always giving the most common answer would get. */
export function lenientTable(models: readonly ScoredModel[]): Table {
  return [
    ["model", ...(models[0]?.tasks ?? []).map(({ task }) => `${task}: strict / lenient / majority answer`)],
    ...models.map((row) => [
      row.model,
      ...row.tasks.map(({ score, lenient, majority }) => `${formatScore(score.mean)} / ${formatScore(lenient)} / ${formatScore(majority)}`),
    ]),
  ];
}

export function finalTable(facts: ReportFacts): Table {
  return [
    ["model", "final score", ...taskHead(facts.final), "winner minus this, paired"],
    ...facts.final.map((row) => [
      `${row.label}${row.label.includes(row.model) ? "" : ` (${row.model})`}`,
      scoreWithInterval(row.score),
      ...row.tasks.map(({ score }) => scoreWithInterval(score)),
      row.winnerMinusThis === null ? "" : differenceWithInterval(row.winnerMinusThis),
    ]),
  ];
}

export function windowTable(facts: ReportFacts): Table {
  return [
    ["chosen trials", "mean", "maximum", "deviation"],
    ...facts.windows.map((window) => [window.trials, formatScore(window.mean), formatScore(window.maximum), formatScore(window.deviation)]),
  ];
}

export function effectTable(facts: ReportFacts): Table {
  return [
    ["effect", "trials", "change of the score [95 %]", "among them"],
    ...facts.effects.map((effect) => [effect.name, `${effect.count}`, formatChangeInterval(effect), effect.trials.join(", ")]),
  ];
}

export function failureTable(facts: ReportFacts): Table {
  return [["trial", "what", "reason", "detail"], ...facts.failures.map((each) => [`${each.trial}`, each.what, each.reason, each.detail])];
}

export function approvalTable(facts: ReportFacts): Table {
  return [
    ["what", "state", "who", "when", "p90 device-hours", "reason"],
    ...facts.approvals.map((each) => [
      each.trial === null ? (each.batch ?? "") : `trial ${each.trial}`,
      each.state,
      each.decidedBy ?? "",
      each.decidedAt ?? "",
      each.estimate.deviceHoursP90.toFixed(3),
      each.reason ?? "",
    ]),
  ];
}

function overlapSentences({ overlaps }: ReportFacts): string[] {
  if (overlaps.length === 0) return [];
  const found = overlaps.filter(({ text }) => text !== null);
  if (found.length === 0) return ["No row of a training set stands in a split of a task, word for word or by 8-grams."];
  return found.map(({ dataset, text }) => `Of ${dataset}, ${text}: scores there of models that were trained on it may be memory.`);
}

/** What these numbers cannot say. */
export function limitSentences(facts: ReportFacts): string[] {
  const sentences = [
    "Intervals are 95 %, over items; they speak of these trained models, not of another training seed.",
    facts.noiseFloor === null
      ? "The noise between training seeds is not known (nothing was repeated, or the repeats scored the same): small gaps may be luck."
      : `Two trainings that differ in their seed only differ by about ${formatScore(facts.noiseFloor)}: smaller gaps are ties.`,
    "The best of many search scores is too high on average; the final split says by how much.",
  ];
  if (facts.confirmed !== null) sentences.push(facts.confirmed);
  sentences.push(...facts.constantTasks.map(describeConstantTask), ...overlapSentences(facts));
  if (facts.standing.pareto.length > 1)
    sentences.push(
      `No other model is as good on every task as any of ${facts.standing.pareto.join(", ")}: other weights may prefer another of them.`,
    );
  if (facts.openings.length > 1) sentences.push(`The final split was opened ${facts.openings.length} times: ${facts.openings.join("; ")}.`);
  if (facts.notLearnt.length > 0)
    sentences.push(`Did not learn, by the weights, the loss or the answers: trials ${facts.notLearnt.join(", ")}.`);
  return sentences;
}
