import { isMerge } from "../action/action.ts";
import { trainingGroups } from "../policy/training-groups.ts";
import { citeTrials } from "./cite-trials.ts";
import { groupName } from "./effects.ts";
import { assumedNoise, type Standout, weigh } from "./experience.ts";
import { formatChange, formatScore } from "./format-score.ts";
import type { WriteMemoryInput } from "./write-memory.ts";

/** Promising directions (paper, Fig. 2) as sentences, the most important first: what people asked for, then what the trials point to. */
export function describeDirections(input: WriteMemoryInput): string[] {
  return [
    ...describeWishes(input),
    ...describeNextTraining(input),
    ...describeSpecialists(input),
    ...describeUntried(input),
    ...describeAvoid(input),
  ];
}

function describeWishes({ view }: WriteMemoryInput): string[] {
  return view.directives
    .filter((directive) => directive.revokedAt === null)
    .slice(-3)
    .map((directive) => `${directive.author} asked: "${directive.text.slice(0, 120)}".`);
}

/** The training with the best mean effect that the leader has not just had. */
function describeNextTraining({ experience, view }: WriteMemoryInput): string[] {
  const best = experience.standouts[0];
  if (best === undefined) return [];
  const weakest = view.tasks.toSorted((a, b) => (best.scores[a] ?? 0) - (best.scores[b] ?? 0))[0];
  if (weakest === undefined) return [];
  const possible = new Set(trainingGroups(view.space).map(({ type, dataset }) => groupName(type, dataset.id)));
  const helpers = experience.effects
    .all((name) => possible.has(name))
    .filter((effect) => (effect.tasks[weakest] ?? 0) > (view.noiseFloor ?? assumedNoise))
    .toSorted((a, b) => (b.tasks[weakest] ?? 0) - (a.tasks[weakest] ?? 0))
    .slice(0, 2);
  const opening = `${best.model} is weakest on ${weakest} (${formatScore(best.scores[weakest] ?? 0)})`;
  if (helpers.length === 0) return [`${opening}, and no training has raised it yet: look for one that does.`];
  const named = helpers.map((effect) => `${effect.name} (${formatChange(effect.tasks[weakest] ?? 0)}, ${citeTrials(effect.trials, 3)})`);
  return [`${opening}: try ${named.join(" or ")} on it.`];
}

/** Merging models that lead different tasks. */
function describeSpecialists({ experience, view }: WriteMemoryInput): string[] {
  if (!view.space.types.some(isMerge)) return [];
  const noise = view.noiseFloor ?? assumedNoise;
  const best = experience.standouts[0];
  const pair = [...experience.specialists]
    .filter(([task, standout]) => best !== undefined && standout.model !== best.model && lead(standout, best, task) > noise)
    .toSorted((a, b) => weigh(b[1].scores, view.weights) - weigh(a[1].scores, view.weights))[0];
  if (pair === undefined || best === undefined) return [];
  const [task, standout] = pair;
  return [
    `Merge ${best.model} with ${standout.model}, which is ahead on ${task} by ${formatChange(lead(standout, best, task))}, and train once more after it.`,
  ];
}

function lead(one: Standout, other: Standout, task: string): number {
  return (one.scores[task] ?? 0) - (other.scores[task] ?? 0);
}

function describeUntried({ experience, view }: WriteMemoryInput): string[] {
  const trainings = trainingGroups(view.space).map(({ type, dataset }) => groupName(type, dataset.id));
  const merges = view.space.types.filter(isMerge).map((type) => `type:${type}`);
  const untried = [...trainings, ...merges].filter((name) => !experience.effects.knows(name)).map((name) => name.replace(/^type:/, ""));
  return untried.length === 0
    ? []
    : [`Not tried yet: ${untried.slice(0, 6).join(", ")}${untried.length > 6 ? ` and ${untried.length - 6} others` : ""}.`];
}

function describeAvoid({ experience }: WriteMemoryInput): string[] {
  const sinking = [...experience.conflicts.values()].filter(({ trials }) => trials.length >= 2);
  if (sinking.length === 0) return [];
  return [
    `Keep ${[...new Set(sinking.map(({ dataset }) => dataset))].slice(0, 4).join(", ")} out, or repair with another training right after.`,
  ];
}
