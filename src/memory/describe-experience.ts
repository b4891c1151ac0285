import { citeTrials } from "./cite-trials.ts";
import { assumedNoise, weigh } from "./experience.ts";
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
    .map(({ dataset, task, trials }) => `Training on ${dataset} sinks ${task} to about zero (${citeTrials(trials, 3)}).`);
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

/** Order matters where the same training does clearly more after one set than it does on the whole. */
function describeOrder({ experience, view }: WriteMemoryInput): string[] {
  const noise = view.noiseFloor ?? assumedNoise;
  return experience.effects
    .all((name) => name.includes(" after "))
    .filter((effect) => effect.count >= 2)
    .map((effect) => ({ effect, usual: experience.effects.find(`dataset:${effect.name.split(" after ")[0] ?? ""}`) }))
    .filter(({ effect, usual }) => usual !== null && usual.count > effect.count && Math.abs(effect.mean - usual.mean) >= noise)
    .toSorted((a, b) => Math.abs(b.effect.mean - (b.usual?.mean ?? 0)) - Math.abs(a.effect.mean - (a.usual?.mean ?? 0)))
    .slice(0, 2)
    .map(
      ({ effect, usual }) =>
        `Order matters: ${effect.name} gave ${formatChange(effect.mean)} (${citeTrials(effect.trials, 3)}) against ${formatChange(usual?.mean ?? 0)} on the whole.`,
    );
}

function describeMerges({ experience }: WriteMemoryInput): string[] {
  return [...experience.merges].map(([type, { kept, lost }]) => {
    const but = lost.length === 0 ? "" : `; not ${citeTrials(lost, 3)}`;
    return `${type} kept the better parent's score in ${kept.length} of ${kept.length + lost.length} merges${kept.length === 0 ? "" : ` (${citeTrials(kept, 3)}${but})`}.`;
  });
}

function describeFailures({ experience }: WriteMemoryInput): string[] {
  return experience.failures
    .top(2)
    .map(
      ({ reason, count, trials }) => `${count === 1 ? "One trial" : `${count} trials`} failed with ${reason} (${citeTrials(trials, 3)}).`,
    );
}
