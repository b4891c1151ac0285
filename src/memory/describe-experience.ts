import { citeTrials } from "./cite-trials.ts";
import { assumedNoise, type Regained, weigh } from "./experience.ts";
import { describeRungs } from "./describe-rungs.ts";
import { formatChange, formatChangeInterval, formatScore } from "./format-score.ts";
import type { Effect } from "./memory.ts";
import type { WriteMemoryInput } from "./write-memory.ts";

/** Summary of experience (paper, Fig. 2) as sentences, the most important first; every claim cites its trials. */
export function describeExperience(input: WriteMemoryInput): string[] {
  return [
    describeBest(input),
    ...describeConflicts(input),
    ...describeTraining(input),
    ...describeOrder(input),
    ...describeMerges(input),
    ...[describeRungs(input.experience)].filter((sentence) => sentence !== null),
    ...describeFailures(input),
  ];
}

function describeBest({ experience, view }: WriteMemoryInput): string {
  const best = experience.standouts[0];
  const base = bestBase(experience.bases.map((standout) => weigh(standout.scores, view.weights)));
  if (best === undefined) return "No model has been evaluated yet.";
  const score = weigh(best.scores, view.weights);
  if (best.trial === null) return `Nothing has beaten the base ${best.model} (${formatScore(score)}) in ${experience.trials} trials.`;
  const over = base === null ? "" : `, ${formatChange(score - base)} over the base`;
  const specialists = [...experience.specialists]
    .filter(([, standout]) => standout.model !== best.model)
    .map(([task, standout]) => `${standout.model} on ${task} (${formatScore(standout.scores[task] ?? 0)})`);
  const others = specialists.length === 0 ? "" : `; single tasks are led by ${specialists.slice(0, 3).join(", ")}`;
  return `Best is ${best.model} at ${formatScore(score)} (trial ${best.trial})${over}${others}.`;
}

function bestBase(scores: readonly number[]): number | null {
  return scores.length === 0 ? null : Math.max(...scores);
}

function describeConflicts({ experience }: WriteMemoryInput): string[] {
  return [...experience.conflicts.values()]
    .toSorted((a, b) => b.trials.length - a.trials.length)
    .slice(0, 4)
    .map(
      ({ dataset, task, trials, from, to }) =>
        `Training on ${dataset} sinks ${task} from ${formatScore(from)} to ${formatScore(to)} (${trials.length > 1 ? "the latest of " : ""}${citeTrials(trials, 3)}).`,
    );
}

function describeTraining({ experience, view }: WriteMemoryInput): string[] {
  const noise = view.noiseFloor ?? assumedNoise;
  const groups = experience.effects.all((name) => name.includes(" × ") && !name.startsWith("merge_")).toSorted((a, b) => b.mean - a.mean);
  const helped = groups.filter((effect) => effect.mean >= noise / 2).slice(0, 4);
  const harmed = groups
    .filter((effect) => effect.mean <= -noise / 2)
    .toReversed()
    .slice(0, 3);
  const sentences: string[] = [];
  if (helped.length > 0) sentences.push(`What has worked: ${helped.map(describeEffect).join("; ")}.`);
  if (harmed.length > 0) sentences.push(`What has cost: ${harmed.map(describeEffect).join("; ")}.`);
  return sentences;
}

/** `sft × math +.121 [+.080, +.162] (math +.31; trials 2 and 9)`. */
function describeEffect(effect: Effect): string {
  const change = effect.count > 1 ? formatChangeInterval(effect) : formatChange(effect.mean);
  const main = Object.entries(effect.tasks).toSorted((a, b) => Math.abs(b[1]) - Math.abs(a[1]))[0];
  const task = main === undefined ? "" : `${main[0]} ${formatChange(main[1])}; `;
  return `${effect.name} ${change} (${task}${citeTrials(effect.trials, 3)})`;
}

/** What the same training does after one set, where its interval leaves out 0 and the other trials of it tell something else. */
function describeOrder({ experience, view }: WriteMemoryInput): string[] {
  const noise = view.noiseFloor ?? assumedNoise;
  return experience.effects
    .all((name) => name.includes(" after "))
    .filter(({ count, low, high }) => count >= 2 && (low > 0 || high < 0))
    .flatMap((effect) => {
      const others = meanOfOthers(effect, experience.effects.find(`dataset:${effect.name.split(" after ")[0] ?? ""}`));
      return others === null || Math.abs(effect.mean - others) < noise ? [] : [{ effect, others }];
    })
    .toSorted((a, b) => Math.abs(b.effect.mean - b.others) - Math.abs(a.effect.mean - a.others))
    .slice(0, 2)
    .map(
      ({ effect, others }) =>
        `Order matters: ${effect.name} ${effect.low > 0 ? "helps" : "hurts"}, ${formatChangeInterval(effect)} (${citeTrials(effect.trials, 3)}), against ${formatChange(others)} elsewhere.`,
    );
}

/** Mean effect of the trials that are in `all` and not in `part`; null where there are none. */
function meanOfOthers(part: Effect, all: Effect | null): number | null {
  if (all === null || all.count <= part.count) return null;
  return (all.mean * all.count - part.mean * part.count) / (all.count - part.count);
}

function describeMerges({ experience }: WriteMemoryInput): string[] {
  const merges = [...experience.merges];
  const scores = merges.map(([type, { kept, lost }]) => {
    const but = lost.length === 0 ? "" : `; not ${citeTrials(lost, 3)}`;
    return `${type} kept the better parent's score in ${kept.length} of ${kept.length + lost.length} merges${kept.length === 0 ? "" : ` (${citeTrials(kept, 3)}${but})`}.`;
  });
  return [...scores, ...merges.flatMap(([type, { regained }]) => describeRegained(type, regained))];
}

/** `merge_ties brought back math in trial 9 (.710; parents .020 and .730).`: of what merges regained, what was lost most. */
function describeRegained(type: string, regained: readonly Regained[]): string[] {
  const told = regained
    .toSorted((a, b) => b.better - b.worse - (a.better - a.worse))
    .slice(0, 2)
    .map(
      ({ trial, task, worse, better, score }) =>
        `${task} in trial ${trial} (${formatScore(score)}; parents ${formatScore(worse)} and ${formatScore(better)})`,
    );
  return told.length === 0 ? [] : [`${type} brought back ${told.join(" and ")}.`];
}

function describeFailures({ experience }: WriteMemoryInput): string[] {
  return experience.failures
    .top(2)
    .map(
      ({ reason, count, trials }) => `${count === 1 ? "One trial" : `${count} trials`} failed with ${reason} (${citeTrials(trials, 3)}).`,
    );
}
