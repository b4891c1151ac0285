import { type Action, isMerge } from "../../action/action.ts";
import { Bans } from "../../action/bans.ts";
import { baseOf } from "../../action/types/merging.ts";
import type { PolicyView } from "../policy.ts";
import { applyMap, type Beliefs, predictChange, trainingMap } from "./beliefs.ts";
import type { TrainingChoice } from "./candidates.ts";
import type { Observation } from "./arrow-regression.ts";
import type { EffectModel } from "./effect-model.ts";
import { mergeSteps } from "./merge-steps.ts";
import { blend, blendedScore } from "./mixture.ts";
import { type Goal, worthOf } from "./goal.ts";
import { type ModelState, stateVector } from "./model-state.ts";
import { plannedSteps } from "../../action/planned-steps.ts";
import { type Purse, stepsOf } from "./purse.ts";
import { type MixedStep, type Origin, type Outlook, rollOut, type Step } from "./rollout.ts";

/** An action with what a ranking needs of it, whatever the beliefs. */
export interface Candidate {
  action: Action;
  /** A training's choices, one for each of its datasets, with their shares of the rows; empty for a merge. */
  parts: readonly { choice: number; share: number }[];
  /** The parent, or the weighted mean of a merge's parents. */
  start: ModelState;
  /** Exposure of the model that would be made. */
  exposure: Float64Array;
  depth: number;
  /** A merge's features by task; trainings are predicted by their choices' maps. */
  observations: readonly Observation[];
}

export interface RankInput {
  view: PolicyView;
  model: EffectModel;
  candidates: readonly Candidate[];
  choices: readonly TrainingChoice[];
  /** What is ranked by. */
  goal: Goal;
  /** The pool's best model by it. */
  best: ModelState;
  maxDepth: number;
  purse: Purse;
  /** A model's score by the goal's weights. */
  aggregate(id: string): number;
}

/** A training, or a merge (no datasets), that a rollout may go on with. */
export type NextStep = Pick<Action, "type"> & { datasets: readonly string[] };

export interface Ranking {
  outlooks: readonly Outlook[];
  /** Predicted scores of each candidate's child. */
  children: readonly Float64Array[];
  /** What the entries of an outlook's path mean. */
  steps: readonly NextStep[];
}

/** Trainings that a rollout may choose from at each step; beyond it the best settings of each group are taken. */
const mostSteps = 24;
/** Mixtures that a rollout may choose from: those known from trials that these beliefs hold best. */
const mostMixedSteps = 6;

/** Predicts every candidate's child under the beliefs, and what could be made of it. */
export function rank(input: RankInput, beliefs: Beliefs): Ranking {
  const { view, model, choices, candidates, goal, best, maxDepth, purse } = input;
  const { shape, groups } = model.layout;
  const maps = choices.map(({ group, setting, relativeSteps }) =>
    trainingMap(shape, model.layout.kind(group, setting, relativeSteps), beliefs),
  );
  const roots = candidates.map((candidate): ModelState => {
    const { exposure, depth } = candidate;
    return { scores: childScores(candidate, maps, model, beliefs), exposure, depth };
  });
  const singles = rolloutSteps(input, maps);
  const mixed = mixedSteps(input, singles, beliefs);
  const merges = mergeSteps({ view, model, beliefs, aggregate: input.aggregate });
  const outlooks = rollOut({
    roots,
    costs: candidates.map(({ action }) => plannedSteps(action, view.datasets)),
    steps: singles.map(({ choice, map }): Step => ({ group: choice.group, map, cost: stepsOf(choice, model.layout) })),
    mixed: mixed.map(({ step }) => step),
    merges,
    origins: candidates.map(({ action, start }) => originOf(action, start, view)),
    mixing: beliefs.mixing,
    goal,
    best: worthOf(best.scores, goal),
    maxDepth,
    purse,
  });
  const steps = [
    ...singles.flatMap(({ choice }): NextStep[] => {
      const group = groups[choice.group];
      return group === undefined ? [] : [{ type: group.type, datasets: [group.dataset.id] }];
    }),
    ...mixed.map(({ next }) => next),
    ...merges.map(({ type }): NextStep => ({ type, datasets: [] })),
  ];
  return { outlooks, children: roots.map((root) => root.scores), steps };
}

function originOf({ type, models }: Action, start: ModelState, view: PolicyView): Origin {
  const bases = new Set(
    models.map((id) => {
      const model = view.modelsById.get(id);
      return model === undefined ? null : baseOf(model);
    }),
  );
  const [base = null] = bases.size === 1 ? bases : [];
  return { base, parent: isMerge(type) ? null : start };
}

/** Predicted scores of the model that a candidate would make. */
function childScores(candidate: Candidate, maps: readonly Float64Array[], model: EffectModel, beliefs: Beliefs): Float64Array {
  const { start, parts, observations } = candidate;
  if (parts.length === 0) {
    return start.scores.map((score, t) => {
      const seen = observations[t];
      return seen === undefined ? score : Math.min(1, Math.max(0, score + predictChange(beliefs.merging[t], seen)));
    });
  }
  const vector = stateVector(start, new Float64Array(1 + start.scores.length + start.exposure.length));
  const children = parts.map(({ choice }) =>
    applyMap(maps[choice] ?? new Float64Array(), vector, start.scores, new Float64Array(start.scores.length)),
  );
  const [only] = children;
  if (parts.length === 1 && only !== undefined) return only;
  const shares = parts.map(({ share }) => share);
  const own = model.mixture(candidate.action);
  const surplus = model.proxies.surplus(candidate.action);
  return start.scores.map((score, t) => {
    const changes = children.map((child) => (child[t] ?? score) - score);
    return blendedScore(blend({ score, changes, shares, surplus: surplus?.[t] ?? 0 }), beliefs.mixing[t], own);
  });
}

interface SingleStep {
  choice: TrainingChoice;
  map: Float64Array;
}

/** Full trainings that nobody banned, and shorter ones where cost decides; of many settings, those that these beliefs hold best for the pool's best model. */
function rolloutSteps({ view, model, choices, goal, best, purse }: RankInput, maps: readonly Float64Array[]): SingleStep[] {
  const bans = new Bans(view.directives);
  const { groups, shape } = model.layout;
  const vector = stateVector(best, new Float64Array(1 + shape.tasks + shape.groups));
  const worthNow = worthOf(best.scores, goal);
  const perGroup = Math.max(1, Math.floor(mostSteps / Math.max(1, groups.length)));
  return groups.flatMap(({ type, dataset }, group) => {
    if (bans.ofType(type) !== null || bans.ofObject(type, dataset) !== null) return [];
    return choices
      .flatMap((choice, index) => {
        const map = maps[index];
        return map === undefined || choice.group !== group || !(choice.isFull || purse.isScarce) ? [] : [{ choice, map }];
      })
      .map((step) => {
        const gain = worthOf(applyMap(step.map, vector, best.scores, new Float64Array(shape.tasks)), goal) - worthNow;
        return { ...step, worth: purse.worth(gain, 1, stepsOf(step.choice, model.layout)) };
      })
      .toSorted((a, b) => b.worth - a.worth)
      .slice(0, perGroup);
  });
}

/** Mixtures that trials have shown, of steps that a rollout may take; the best of them for the pool's best model. */
function mixedSteps(
  { model, best, goal, view }: RankInput,
  singles: readonly SingleStep[],
  beliefs: Beliefs,
): { step: MixedStep; next: NextStep }[] {
  const vector = stateVector(best, new Float64Array(1 + best.scores.length + best.exposure.length));
  const children = singles.map(({ map }) => applyMap(map, vector, best.scores, new Float64Array(best.scores.length)));
  const known = model.mixtures
    .filter(({ datasets }) => datasets.length <= view.space.mostDatasets)
    .flatMap(({ type, datasets, parts, index }) => {
      const steps = parts.map(({ group, share }) => ({ step: singles.findIndex(({ choice }) => choice.group === group), share }));
      if (steps.some(({ step }) => step < 0)) return [];
      const shares = steps.map(({ share }) => share);
      const surplus = model.proxies.surplus({ type, datasets });
      const scores = best.scores.map((score, t) => {
        const changes = steps.map(({ step }) => (children[step]?.[t] ?? score) - score);
        return blendedScore(blend({ score, changes, shares, surplus: surplus?.[t] ?? 0 }), beliefs.mixing[t], index);
      });
      const cost = mixtureCost(type, datasets, singles[steps[0]?.step ?? -1]?.choice, view);
      return [{ step: { parts: steps, own: index, surplus, cost }, next: { type, datasets }, value: worthOf(scores, goal) }];
    });
  return known.toSorted((a, b) => b.value - a.value).slice(0, mostMixedSteps);
}

/** Optimiser steps of a mixture that is trained with the setting of one of its parts. */
function mixtureCost(type: Action["type"], datasets: readonly string[], choice: TrainingChoice | undefined, view: PolicyView): number {
  if (choice === undefined) return 0;
  const { setting } = choice;
  return plannedSteps({ type, models: [], datasets: [...datasets], setting, seed: 0, fidelity: view.plan.fidelity }, view.datasets);
}
