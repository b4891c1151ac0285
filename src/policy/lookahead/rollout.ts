import { applyMap } from "./beliefs.ts";
import { type ModelState, stateVector, weighScores } from "./model-state.ts";

/** A full training that a rollout may go on with, under the beliefs of this proposal. */
export interface Step {
  group: number;
  map: Float64Array;
}

export interface RolloutInput {
  /** The candidates' predicted children. */
  roots: readonly ModelState[];
  steps: readonly Step[];
  weights: Float64Array;
  /** Best aggregate score of the pool. */
  best: number;
  maxDepth: number;
  /** Trials that the budget leaves after the candidate: a continuation that cannot be run is worth nothing. */
  trialsAfter: number;
}

/** What a candidate is worth with what may follow it. */
export interface Outlook {
  value: number;
  /** The steps that make the value, as indices into the input's; empty when the candidate is best by itself. */
  path: readonly number[];
}

interface Branch extends ModelState {
  root: number;
  path: readonly number[];
}

/**
 * The study's numbers: three steps, discounted, 4 continuations kept per candidate and 1,500 in all. The candidate is the
 * first step: with three steps after it the far, uncertain ones decide too much (on the tiny world .65 instead of .75).
 */
const stepsAhead = 2;
const discount = 0.95;
const keptPerRoot = 4;
const keptInAll = 1500;

/** Value of each root: max over k ≤ 2 further trainings of .95ᵏ · (predicted aggregate − best of the pool). */
export function rollOut(input: RolloutInput): Outlook[] {
  const { roots, weights, best } = input;
  const outlooks: Outlook[] = roots.map((root) => ({ value: weighScores(root.scores, weights) - best, path: [] }));
  let branches: readonly Branch[] = roots.map((root, index) => ({ ...root, root: index, path: [] }));
  const depth = input.steps.length === 0 ? 0 : Math.min(stepsAhead, input.trialsAfter);
  for (let k = 1; k <= depth; k++) {
    branches = branches.filter((branch) => branch.depth < input.maxDepth);
    const level = expand(branches, input);
    for (let root = 0; root < roots.length; root++) {
      const at = level.places[root * keptPerRoot] ?? -1;
      const value = discount ** k * ((level.aggregates[at] ?? 0) - best);
      if (at >= 0 && value > (outlooks[root]?.value ?? 0)) outlooks[root] = { value, path: pathTo(at, branches, input.steps.length) };
    }
    if (k < depth) branches = keepBest(level).flatMap((at) => grow(at, branches, input.steps));
  }
  return outlooks;
}

/** One more training on every branch. A place is branch × steps + step; each root has its few best places, in falling order. */
interface Level {
  aggregates: Float64Array;
  places: Int32Array;
}

function expand(branches: readonly Branch[], { roots, steps, weights }: RolloutInput): Level {
  const level = {
    aggregates: new Float64Array(branches.length * steps.length),
    places: new Int32Array(roots.length * keptPerRoot).fill(-1),
  };
  const [first] = branches;
  if (first === undefined) return level;
  const vector = new Float64Array(1 + first.scores.length + first.exposure.length);
  const scratch = new Float64Array(first.scores.length);
  for (let b = 0; b < branches.length; b++) {
    const branch = branches[b];
    if (branch === undefined) continue;
    stateVector(branch, vector);
    for (let s = 0; s < steps.length; s++) {
      const step = steps[s];
      if (step === undefined) continue;
      const at = b * steps.length + s;
      level.aggregates[at] = weighScores(applyMap(step.map, vector, branch.scores, scratch), weights);
      insert(level, branch.root * keptPerRoot, at);
    }
  }
  return level;
}

/** The best places of all roots. */
function keepBest({ aggregates, places }: Level): number[] {
  return Array.from(places)
    .filter((at) => at >= 0)
    .toSorted((a, b) => (aggregates[b] ?? 0) - (aggregates[a] ?? 0) || a - b)
    .slice(0, keptInAll);
}

/** Keeps a root's few places in falling order of their aggregates; of equals the earlier stays ahead. */
function insert({ aggregates, places }: Level, first: number, at: number): void {
  const value = aggregates[at] ?? 0;
  let place = first + keptPerRoot;
  while (place > first) {
    const before = places[place - 1] ?? -1;
    if (before >= 0 && (aggregates[before] ?? 0) >= value) break;
    if (place < first + keptPerRoot) places[place] = before;
    place -= 1;
  }
  if (place < first + keptPerRoot) places[place] = at;
}

function pathTo(at: number, branches: readonly Branch[], steps: number): number[] {
  return [...(branches[Math.floor(at / steps)]?.path ?? []), at % steps];
}

function grow(at: number, branches: readonly Branch[], steps: readonly Step[]): Branch[] {
  const branch = branches[Math.floor(at / steps.length)];
  const step = steps[at % steps.length];
  if (branch === undefined || step === undefined) return [];
  const vector = stateVector(branch, new Float64Array(1 + branch.scores.length + branch.exposure.length));
  const scores = applyMap(step.map, vector, branch.scores, new Float64Array(branch.scores.length));
  const exposure = branch.exposure.slice();
  exposure[step.group] = (exposure[step.group] ?? 0) + 1;
  return [{ root: branch.root, path: pathTo(at, branches, steps.length), scores, exposure, depth: branch.depth + 1 }];
}
