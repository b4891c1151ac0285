import type { ArrowPriors } from "./arrow-regression.ts";

/** A feature = factor × one entry of the state vector; `feature` counts within the pooled or the group's own weights. */
export interface Term {
  own: boolean;
  feature: number;
  state: number;
  factor: number;
}

/** What the features of a training depend on, beside the parent's state. */
export interface TrainingKind {
  group: number;
  /** 1 at a quarter of the longest training or less, 0 at the longest. */
  shortness: number;
  /** Further features of the setting, −1 … 1; empty when nothing else varies. */
  extras: readonly number[];
}

/** Sizes of a run's regressions. `extras` holds, by group, where its type's extra features begin and how many there are. */
export interface TrainingShape {
  tasks: number;
  groups: number;
  extras: readonly { start: number; count: number }[];
  extrasTotal: number;
}

/**
 * The study's short training was 20 of 80 steps and had shortness 1; between that and the longest it is linear.
 */
export function shortness(relativeSteps: number): number {
  return Math.min(1, Math.max(0, (1 - relativeSteps) / 0.75));
}

/** Prior standard deviations of every weight, as measured to work in the study; `extras` are this project's own. */
export function trainingPriors(shape: TrainingShape): ArrowPriors {
  const pooled = [0.1, 0.15, 0.3, 0.2, ...fill(shape.groups, 0.04), ...fill(2 * shape.extrasTotal, 0.1)];
  return {
    pooled,
    groups: shape.extras.map(({ count }) => [
      0.15,
      0.1,
      0.5,
      0.3,
      ...fill(shape.tasks - 1, 0.15),
      0.08,
      ...fill(shape.groups, 0.12),
      ...fill(count, 0.08),
    ]),
  };
}

/**
 * The features of one training for the regression of one task: intercept, shortness s, score x of the task, s·x, exposure
 * (pooled); the same, the other tasks' scores, and exposure to the group itself, for the group.
 */
export function trainingTerms(shape: TrainingShape, kind: TrainingKind, task: number): Term[] {
  const { tasks, groups } = shape;
  const score = 1 + task;
  const exposure = 1 + tasks;
  const pooled = [term(0, 0), term(1, 0, kind.shortness), term(2, score), term(3, score, kind.shortness)];
  for (let g = 0; g < groups; g++) pooled.push(term(4 + g, exposure + g));
  const own = [term(0, 0), term(1, 0, kind.shortness), term(2, score), term(3, score, kind.shortness)];
  for (let u = 0; u < tasks; u++) if (u !== task) own.push(term(own.length, 1 + u));
  own.push(term(own.length, exposure + kind.group));
  for (let g = 0; g < groups; g++) own.push(term(own.length, exposure + g));
  const start = shape.extras[kind.group]?.start ?? 0;
  for (const [index, value] of kind.extras.entries()) {
    const at = 4 + groups + 2 * (start + index);
    pooled.push(term(at, 0, value), term(at + 1, 0, value * value));
    own.push(term(own.length, 0, value));
  }
  return [...pooled.map((entry) => ({ ...entry, own: false })), ...own.map((entry) => ({ ...entry, own: true }))];
}

function term(feature: number, state: number, factor = 1): Omit<Term, "own"> {
  return { feature, state, factor };
}

function fill(count: number, value: number): number[] {
  return Array.from({ length: Math.max(0, count) }, () => value);
}
