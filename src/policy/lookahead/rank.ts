import type { Action } from "../../action/action.ts";
import { Bans } from "../../action/bans.ts";
import type { PolicyView } from "../policy.ts";
import { applyMap, type Beliefs, predictChange, trainingMap } from "./beliefs.ts";
import type { TrainingChoice } from "./candidates.ts";
import type { Observation } from "./arrow-regression.ts";
import type { EffectModel } from "./effect-model.ts";
import { type ModelState, stateVector, weighScores } from "./model-state.ts";
import { type Outlook, rollOut, type Step } from "./rollout.ts";

/** An action with what a ranking needs of it, whatever the beliefs. */
export interface Candidate {
  action: Action;
  /** Index of a training's choice; null for a merge. */
  choice: number | null;
  /** The parent, or the weighted mean of a merge's parents. */
  start: ModelState;
  /** Exposure of the model that would be made. */
  exposure: Float64Array;
  depth: number;
  /** A merge's features by task; trainings are predicted by their choice's map. */
  observations: readonly Observation[];
}

export interface RankInput {
  view: PolicyView;
  model: EffectModel;
  candidates: readonly Candidate[];
  choices: readonly TrainingChoice[];
  /** Weight of each task in what is ranked by. */
  weights: Float64Array;
  /** The pool's best model by these weights. */
  best: ModelState;
  maxDepth: number;
}

export interface Ranking {
  outlooks: readonly Outlook[];
  /** Predicted scores of each candidate's child. */
  children: readonly Float64Array[];
  /** What the entries of an outlook's path mean. */
  steps: readonly TrainingChoice[];
}

/** Trainings that a rollout may choose from at each step; beyond it the best settings of each group are taken. */
const mostSteps = 24;

/** Predicts every candidate's child under the beliefs, and what could be made of it. */
export function rank(input: RankInput, beliefs: Beliefs): Ranking {
  const { view, model, choices, candidates, weights, best, maxDepth } = input;
  const { shape } = model.layout;
  const maps = choices.map(({ group, setting, relativeSteps }) =>
    trainingMap(shape, model.layout.kind(group, setting, relativeSteps), beliefs),
  );
  const vector = new Float64Array(1 + shape.tasks + shape.groups);
  const roots = candidates.map(({ choice, start, exposure, depth, observations }): ModelState => {
    const map = choice === null ? undefined : maps[choice];
    const scores =
      map === undefined
        ? mergedScores(start.scores, observations, beliefs)
        : applyMap(map, stateVector(start, vector), start.scores, new Float64Array(shape.tasks));
    return { scores, exposure, depth };
  });
  const usable = rolloutSteps(input, maps);
  const steps = usable.map(({ choice, map }): Step => ({ group: choice.group, map }));
  const outlooks = rollOut({
    roots,
    steps,
    weights,
    best: weighScores(best.scores, weights),
    maxDepth,
    trialsAfter: Math.max(0, view.budget.trialsLeft - 1),
  });
  return { outlooks, children: roots.map((root) => root.scores), steps: usable.map(({ choice }) => choice) };
}

function mergedScores(mean: Float64Array, observations: readonly Observation[], beliefs: Beliefs): Float64Array {
  return mean.map((score, t) => {
    const seen = observations[t];
    return seen === undefined ? score : Math.min(1, Math.max(0, score + predictChange(beliefs.merging[t], seen)));
  });
}

/** Full trainings that nobody banned; of many settings, those that these beliefs hold best for the pool's best model. */
function rolloutSteps(
  { view, model, choices, weights, best }: RankInput,
  maps: readonly Float64Array[],
): { choice: TrainingChoice; map: Float64Array }[] {
  const bans = new Bans(view.directives);
  const { groups, shape } = model.layout;
  const vector = stateVector(best, new Float64Array(1 + shape.tasks + shape.groups));
  const perGroup = Math.max(1, Math.floor(mostSteps / Math.max(1, groups.length)));
  return groups.flatMap(({ type, dataset }, group) => {
    if (bans.ofType(type) !== null || bans.ofObject(type, dataset) !== null) return [];
    return choices
      .flatMap((choice, index) => {
        const map = maps[index];
        return map === undefined || choice.group !== group || !choice.isFull ? [] : [{ choice, map }];
      })
      .map((step) => ({ ...step, value: weighScores(applyMap(step.map, vector, best.scores, new Float64Array(shape.tasks)), weights) }))
      .toSorted((a, b) => b.value - a.value)
      .slice(0, perGroup);
  });
}
