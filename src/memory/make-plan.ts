import { type Fidelity, fullFidelity, isMerge } from "../action/action.ts";
import type { PolicyView } from "../policy/policy.ts";
import { trainingGroups } from "../policy/training-groups.ts";
import { citeTrials } from "./cite-trials.ts";
import { groupName } from "./effects.ts";
import { assumedNoise, type Experience, progressWindow, weigh } from "./experience.ts";
import { chooseScreening } from "./choose-rung.ts";
import { describeFidelity, describeRungs } from "./describe-rungs.ts";
import { formatChange, formatScore } from "./format-score.ts";
import type { Phase, Plan } from "./plan.ts";

/** What a planner may know; the LLM's planner takes the same. */
export interface MakePlanInput {
  /** The plan before; null at the start. */
  previous: Plan | null;
  /** Baseline and noise jobs that are still to come; above 0 only before the first choice. */
  baselinesLeft: number;
  experience: Experience;
  view: PolicyView;
}

/** Decisions until the planner is asked again. */
const stretch = 5;
/** Trials since the last chosen merge before another stretch is for merging. */
const mergePause = 8;
/** A first look is not broken off half-way, so that what it compares was trained alike. */
const longestScreening = 20;
/** Combining is a short stretch, and one that does not follow itself. */
const combineStretch = 3;

/** The rule-based planner: what the next stretch is for, and why. Pure; its time does not grow with the run. */
export function makePlan(input: MakePlanInput): Plan {
  const { phase, focus, length, fidelity = fullFidelity } = choosePhase(input);
  return {
    version: (input.previous?.version ?? 0) + 1,
    phase,
    focus,
    tasks: [],
    fidelity,
    until: input.view.decision + length - 1,
    by: "rules",
  };
}

interface Choice {
  phase: Phase;
  focus: string;
  length: number;
  /** Below 1 where the stretch is for a first look at the data. */
  fidelity?: Fidelity;
}

function choosePhase(input: MakePlanInput): Choice {
  const { view, baselinesLeft, experience } = input;
  const { trialsLeft, trialsDone } = view.budget;
  if (baselinesLeft > 0) {
    return {
      phase: "baselines",
      focus: `Baselines first: ${baselinesLeft === 1 ? "one is" : `${baselinesLeft} are`} measured before anything is chosen, so that every later gain has something to stand against.`,
      length: stretch,
    };
  }
  if (trialsLeft === 0 || view.budget.steps?.left === 0) {
    return {
      phase: "confirm",
      focus: `${trialsLeft === 0 ? `All ${trialsDone} trials are done` : `The steps of the budget are used up after ${trialsDone} trials`}. Confirm the best of different lineages on items the search has not seen${describeLeader(input)}.`,
      length: stretch,
    };
  }
  const stop = considerStop(input);
  if (stop !== null) return stop;
  const first = considerScreening(input);
  if (first !== null) return first;
  const unknown = untriedGroups(input);
  const early = trialsDone < (trialsDone + trialsLeft) / 4;
  if (early || unknown.length > 0) {
    const why =
      unknown.length > 0
        ? `no trial says yet what ${unknown.slice(0, 3).join(", ")} ${unknown.length === 1 ? "does" : "do"}`
        : `only ${experience.trials} trials speak so far`;
    return { phase: "explore", focus: `Explore: ${why}${describeLeader(input)}.`, length: stretch };
  }
  return considerCombine(input) ?? exploit(input);
}

/** `; best is m11 at .683 (trial 14)`. */
function describeLeader({ experience, view }: MakePlanInput): string {
  const best = experience.standouts[0];
  if (best === undefined) return "";
  return `; best is ${best.model} at ${formatScore(weigh(best.scores, view.weights))}${best.trial === null ? ", a base" : ` (trial ${best.trial})`}`;
}

/** Stopping is advised when a whole window, and half of the budget, brought less than the noise and no more is to be hoped for. */
function considerStop({ view, experience }: MakePlanInput): Choice | null {
  const { trialsLeft, trialsDone } = view.budget;
  if (experience.bestSoFar.length <= progressWindow || trialsDone < (trialsDone + trialsLeft) / 2) return null;
  const noise = view.noiseFloor ?? assumedNoise;
  const gain = experience.recentGain();
  const expected = (gain / progressWindow) * Math.min(trialsLeft, progressWindow);
  if (gain > noise / 2 || expected > noise / 2) return null;
  const best = experience.bestTrial === null ? "" : ` since the best of trial ${experience.bestTrial}`;
  return {
    phase: "stop",
    focus: `I would stop here: ${progressWindow} trials brought ${formatChange(gain)}${best}; expected further gain ${formatScore(expected)}, under the noise floor ${formatScore(noise)}.`,
    length: stretch,
  };
}

/** Trainings that no trial has shown, as `dpo on pref_math`. */
function untriedGroups({ view, experience }: MakePlanInput): string[] {
  return trainingGroups(view.space)
    .filter(({ type, dataset }) => !experience.effects.knows(groupName(type, dataset.id)))
    .map(({ type, dataset }) => `${type} on ${dataset.id}`);
}

/** Where steps are scarce, a first look at the data is taken below full fidelity. */
function considerScreening({ view, experience }: MakePlanInput): Choice | null {
  const screening = chooseScreening(view, experience);
  if (screening === null) return null;
  const { fidelity, datasets, fullSteps, steps } = screening;
  const told = describeRungs(experience);
  const focus = `Screen: one SFT on each of ${datasets} ${datasets === 1 ? "dataset" : "datasets"} at ${describeFidelity(fidelity)}, ${steps} steps in place of ${fullSteps}; what ranks best there, its uncertainty counted, goes on where its gain is worth the steps.${told === null ? "" : ` ${told}`}`;
  return { phase: "explore", focus, length: Math.min(longestScreening, datasets), fidelity };
}

/** Merging is due when another model beats the leader on some task beyond the noise, and nothing was merged lately. */
function considerCombine({ previous, view, experience }: MakePlanInput): Choice | null {
  if (previous?.phase === "combine" || !view.space.types.some(isMerge)) return null;
  if (view.trials.slice(-mergePause).some(({ kind, action }) => kind === "chosen" && isMerge(action.type))) return null;
  const best = experience.standouts[0];
  if (best === undefined) return null;
  const noise = view.noiseFloor ?? assumedNoise;
  const ahead = [...experience.specialists].filter(
    ([task, other]) => other.model !== best.model && (other.scores[task] ?? 0) - (best.scores[task] ?? 0) > noise,
  );
  const leader = ahead[0];
  if (leader === undefined) return null;
  const [task, other] = leader;
  const trials = [best.trial, other.trial].filter((trial) => trial !== null);
  return {
    phase: "combine",
    focus: `Combine: ${other.model} is ahead of the best, ${best.model}, on ${task} by ${formatChange((other.scores[task] ?? 0) - (best.scores[task] ?? 0))}; merges may bring both together (${citeTrials(trials)}).`,
    length: combineStretch,
  };
}

function exploit(input: MakePlanInput): Choice {
  const { trialsLeft } = input.view.budget;
  const gain = input.experience.recentGain();
  const window = Math.max(0, input.experience.bestSoFar.length - 1);
  return {
    phase: "exploit",
    focus: `Exploit what has worked: the last ${window} trials brought ${formatChange(gain)}${describeLeader(input)}, ${trialsLeft} ${trialsLeft === 1 ? "trial is" : "trials are"} left.`,
    length: stretch,
  };
}
