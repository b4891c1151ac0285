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
  let branches: Branch[] = roots.map((root, index) => ({ ...root, root: index, path: [] }));
  const depth = Math.min(stepsAhead, input.trialsAfter);
  for (let k = 1; k <= depth && input.steps.length > 0; k++) {
    branches = expand(branches, input);
    const factor = discount ** k;
    for (const branch of branches) {
      const value = factor * (weighScores(branch.scores, weights) - best);
      if (value > (outlooks[branch.root]?.value ?? 0)) outlooks[branch.root] = { value, path: branch.path };
    }
  }
  return outlooks;
}

/** One training more on every branch; the best continuations are kept. */
function expand(branches: readonly Branch[], { roots, steps, weights, maxDepth }: RolloutInput): Branch[] {
  const growing = branches.filter((branch) => branch.depth < maxDepth);
  const first = growing[0];
  if (first === undefined) return [];
  const vector = new Float64Array(1 + first.scores.length + first.exposure.length);
  const scratch = new Float64Array(first.scores.length);
  const aggregates = new Float64Array(growing.length * steps.length);
  for (let b = 0; b < growing.length; b++) {
    const branch = growing[b];
    if (branch === undefined) continue;
    stateVector(branch, vector);
    for (let s = 0; s < steps.length; s++) {
      const step = steps[s];
      if (step !== undefined) aggregates[b * steps.length + s] = weighScores(applyMap(step.map, vector, branch.scores, scratch), weights);
    }
  }
  return keepBest(aggregates, growing, steps.length, roots.length).flatMap((at) => {
    const branch = growing[Math.floor(at / steps.length)];
    const index = at % steps.length;
    const step = steps[index];
    return branch === undefined || step === undefined ? [] : [grow(branch, step, index, vector)];
  });
}

/** Places of the best aggregates, at most a few for each root: first the best of each root, then the best of those. */
function keepBest(aggregates: Float64Array, branches: readonly Branch[], steps: number, roots: number): number[] {
  const best = new Int32Array(roots * keptPerRoot).fill(-1);
  for (let at = 0; at < aggregates.length; at++) {
    const first = (branches[Math.floor(at / steps)]?.root ?? 0) * keptPerRoot;
    insert(best, first, at, aggregates);
  }
  return Array.from(best)
    .filter((at) => at >= 0)
    .toSorted((a, b) => (aggregates[b] ?? 0) - (aggregates[a] ?? 0) || a - b)
    .slice(0, keptInAll);
}

/** Keeps a root's few places in falling order of their aggregates; of equals the earlier stays ahead. */
function insert(best: Int32Array, first: number, at: number, aggregates: Float64Array): void {
  const value = aggregates[at] ?? 0;
  let place = first + keptPerRoot;
  while (place > first) {
    const before = best[place - 1] ?? -1;
    if (before >= 0 && (aggregates[before] ?? 0) >= value) break;
    if (place < first + keptPerRoot) best[place] = before;
    place -= 1;
  }
  if (place < first + keptPerRoot) best[place] = at;
}

function grow(branch: Branch, step: Step, index: number, vector: Float64Array): Branch {
  const scores = applyMap(step.map, stateVector(branch, vector), branch.scores, new Float64Array(branch.scores.length));
  const exposure = branch.exposure.slice();
  exposure[step.group] = (exposure[step.group] ?? 0) + 1;
  return { root: branch.root, path: [...branch.path, index], scores, exposure, depth: branch.depth + 1 };
}
