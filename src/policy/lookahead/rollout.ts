import { applyMap } from "./beliefs.ts";
import type { ArrowVector } from "./arrow-regression.ts";
import { blend, blendedScore } from "./mixture.ts";
import type { Purse } from "./purse.ts";
import { type MergeStep, mergedScores } from "./merge-steps.ts";
import { type Goal, worthOf } from "./goal.ts";
import { type ModelState, stateVector } from "./model-state.ts";

/** A full training on one dataset that a rollout may go on with, under the beliefs of this proposal. */
export interface Step {
  group: number;
  map: Float64Array;
  /** Optimiser steps. */
  cost: number;
}

/** A full training on several datasets: what its parts, which are steps too, would do, blended. */
export interface MixedStep {
  /** Indices into the steps, and each one's share of the rows. */
  parts: readonly { step: number; share: number }[];
  /** The set's own place in the mixtures' beliefs. */
  own: number | null;
  /** By task, where merges stood in for the mixture. */
  surplus: Float64Array | null;
  /** Optimiser steps. */
  cost: number;
}

export interface RolloutInput {
  /** The candidates' predicted children. */
  roots: readonly ModelState[];
  steps: readonly Step[];
  mixed: readonly MixedStep[];
  merges: readonly MergeStep[];
  /** By root: the base that it comes from, and the model that it starts from (null for a merge). */
  origins: readonly Origin[];
  /** The mixtures' weights by task. */
  mixing: readonly ArrowVector[];
  goal: Goal;
  /** Worth of the pool's best model. */
  best: number;
  maxDepth: number;
  /** Optimiser steps of each candidate. */
  costs: readonly number[];
  /** What the budget leaves: a continuation that cannot be run is worth nothing. */
  purse: Purse;
}

export interface Origin {
  /** Null where it comes from several. */
  base: string | null;
  parent: ModelState | null;
}

/** What a candidate is worth with what may follow it. */
export interface Outlook {
  value: number;
  /** The same per cost, where cost decides: what candidates are ranked by. */
  worth: number;
  /** The steps that make the value, as indices into the input's steps, then its mixed ones, then its merges; empty when the candidate is best by itself. */
  path: readonly number[];
}

interface Branch extends ModelState {
  root: number;
  path: readonly number[];
  /** Steps of the candidate and its path. */
  cost: number;
}

/**
 * The study's numbers: three steps, discounted, 4 continuations kept per candidate and 1,500 in all. The candidate is the
 * first step: with three steps after it the far, uncertain ones decide too much (on the tiny world .65 instead of .75).
 */
const stepsAhead = 2;
const discount = 0.95;
const keptPerRoot = 4;
const keptInAll = 1500;

/** Value of each root: max over k ≤ 2 further trainings or merges of .95ᵏ · (predicted worth − best of the pool). */
export function rollOut(input: RolloutInput): Outlook[] {
  const { roots, goal, best, purse } = input;
  const costs = roots.map((_, index) => input.costs[index] ?? 0);
  const outlooks = roots.map((root, index): Outlook => {
    const value = worthOf(root.scores, goal) - best;
    return { value, worth: purse.worth(value, 1, costs[index] ?? 0), path: [] };
  });
  let branches: readonly Branch[] = roots.map((root, index) => ({ ...root, root: index, path: [], cost: costs[index] ?? 0 }));
  const depth = widthOf(input) === 0 ? 0 : Math.min(stepsAhead, purse.trialsAfter);
  for (let k = 1; k <= depth; k++) {
    branches = branches.filter((branch) => branch.depth < input.maxDepth);
    const level = expand(branches, input);
    for (let root = 0; root < roots.length; root++) {
      for (const at of level.places.subarray(root * keptPerRoot, (root + 1) * keptPerRoot)) {
        const value = discount ** k * ((level.worths[at] ?? 0) - best);
        const cost = costAt(at, branches, input);
        const worth = purse.worth(value, 1 + k, cost);
        if (at < 0 || worth <= (outlooks[root]?.worth ?? 0) || !purse.affords(cost)) continue;
        outlooks[root] = { value, worth, path: pathTo(at, branches, input) };
      }
    }
    if (k < depth) branches = keepBest(level).flatMap((at) => grow(at, branches, input));
  }
  return outlooks;
}

const widthOf = ({ steps, mixed, merges }: RolloutInput) => steps.length + mixed.length + merges.length;

/** The other parent of a merge that a branch may go on with; null where there is none. */
function mateOf({ base, mate, takesBases }: MergeStep, root: number, { origins, maxDepth }: RolloutInput): ModelState | null {
  const origin = origins[root];
  const found = origin?.base === base ? (mate ?? origin.parent) : null;
  return found !== null && found.depth < maxDepth && (takesBases || found.depth > 0) ? found : null;
}

/** One more step on every branch. A place is branch × width + step; each root has its few best places, in falling order. */
interface Level {
  worths: Float64Array;
  places: Int32Array;
}

function expand(branches: readonly Branch[], input: RolloutInput): Level {
  const { roots, steps, mixed, merges, goal } = input;
  const width = widthOf(input);
  const trainings = steps.length + mixed.length;
  const level = {
    worths: new Float64Array(branches.length * width),
    places: new Int32Array(roots.length * keptPerRoot).fill(-1),
  };
  const [first] = branches;
  if (first === undefined) return level;
  const vector = new Float64Array(1 + first.scores.length + first.exposure.length);
  const children = steps.map(() => new Float64Array(first.scores.length));
  const scratch = new Float64Array(first.scores.length);
  for (const [b, branch] of branches.entries()) {
    stateVector(branch, vector);
    for (const [s, step] of steps.entries()) {
      const child = applyMap(step.map, vector, branch.scores, children[s] ?? scratch);
      level.worths[b * width + s] = worthOf(child, goal);
    }
    for (const [m, step] of mixed.entries()) {
      const child = mix(step, branch.scores, children, input.mixing, scratch);
      level.worths[b * width + steps.length + m] = worthOf(child, goal);
    }
    for (let s = 0; s < trainings; s++) insert(level, branch.root * keptPerRoot, b * width + s);
    for (const [m, step] of merges.entries()) {
      const mate = mateOf(step, branch.root, input);
      if (mate === null) continue;
      const at = b * width + trainings + m;
      level.worths[at] = worthOf(mergedScores(step, branch.scores, mate.scores, scratch), goal);
      insert(level, branch.root * keptPerRoot, at);
    }
  }
  return level;
}

/** The child of a mixture from the children that each of its parts alone would make. */
function mix(
  { parts, own, surplus }: MixedStep,
  scores: Float64Array,
  children: readonly Float64Array[],
  mixing: readonly ArrowVector[],
  into: Float64Array,
): Float64Array {
  const shares = parts.map(({ share }) => share);
  for (let t = 0; t < scores.length; t++) {
    const score = scores[t] ?? 0;
    const changes = parts.map(({ step }) => (children[step]?.[t] ?? score) - score);
    into[t] = blendedScore(blend({ score, changes, shares, surplus: surplus?.[t] ?? 0 }), mixing[t], own);
  }
  return into;
}

/** The best places of all roots. */
function keepBest({ worths, places }: Level): number[] {
  return Array.from(places)
    .filter((at) => at >= 0)
    .toSorted((a, b) => (worths[b] ?? 0) - (worths[a] ?? 0) || a - b)
    .slice(0, keptInAll);
}

/** Keeps a root's few places in falling order of worth; of equals the earlier stays ahead. */
function insert({ worths, places }: Level, first: number, at: number): void {
  const value = worths[at] ?? 0;
  let place = first + keptPerRoot;
  while (place > first) {
    const before = places[place - 1] ?? -1;
    if (before >= 0 && (worths[before] ?? 0) >= value) break;
    if (place < first + keptPerRoot) places[place] = before;
    place -= 1;
  }
  if (place < first + keptPerRoot) places[place] = at;
}

function pathTo(at: number, branches: readonly Branch[], input: RolloutInput): number[] {
  const width = widthOf(input);
  return [...(branches[Math.floor(at / width)]?.path ?? []), at % width];
}

/** Steps of a branch with the training that a place stands for. */
function costAt(at: number, branches: readonly Branch[], input: RolloutInput): number {
  const { steps, mixed } = input;
  const width = widthOf(input);
  const place = at % width;
  return (branches[Math.floor(at / width)]?.cost ?? 0) + ((steps[place] ?? mixed[place - steps.length])?.cost ?? 0);
}

function grow(at: number, branches: readonly Branch[], input: RolloutInput): Branch[] {
  const width = widthOf(input);
  const branch = branches[Math.floor(at / width)];
  if (branch === undefined) return [];
  const place = at % width;
  const merge = input.merges[place - input.steps.length - input.mixed.length];
  if (merge !== undefined) return growMerged(branch, merge, at, input);
  const mixed = input.mixed[place - input.steps.length];
  const parts = mixed?.parts ?? [{ step: place, share: 1 }];
  const vector = stateVector(branch, new Float64Array(1 + branch.scores.length + branch.exposure.length));
  const fresh = () => new Float64Array(branch.scores.length);
  const exposure = branch.exposure.slice();
  const children: Float64Array[] = [];
  for (const { step, share } of parts) {
    const single = input.steps[step];
    if (single === undefined) return [];
    exposure[single.group] = (exposure[single.group] ?? 0) + share;
    children[step] = applyMap(single.map, vector, branch.scores, fresh());
  }
  const scores = mixed === undefined ? children[place] : mix(mixed, branch.scores, children, input.mixing, fresh());
  if (scores === undefined) return [];
  const cost = costAt(at, branches, input);
  return [{ root: branch.root, path: pathTo(at, branches, input), scores, exposure, depth: branch.depth + 1, cost }];
}

/** The branch's model merged with the step's other parent: scores by the beliefs, the mean of their exposures, no steps. */
function growMerged(branch: Branch, step: MergeStep, at: number, input: RolloutInput): Branch[] {
  const mate = mateOf(step, branch.root, input);
  if (mate === null) return [];
  const scores = mergedScores(step, branch.scores, mate.scores, new Float64Array(branch.scores.length));
  const exposure = branch.exposure.map((own, g) => (own + (mate.exposure[g] ?? 0)) / 2);
  const path = [...branch.path, at % widthOf(input)];
  return [{ ...branch, path, scores, exposure, depth: Math.max(branch.depth, mate.depth) + 1 }];
}
