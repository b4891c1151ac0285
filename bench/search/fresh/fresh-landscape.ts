import { type Action, isMerge } from "#src/action/action.ts";
import { createRng, type Rng } from "#src/policy/rng.ts";
import type { DatasetFormat } from "#src/pool/objects.ts";

/**
 * A made-up world whose models are points: a training moves the point towards what its data show and pulls the rest back
 * to where it came from, a merge averages points with mergekit's rules, and a task reads a few coordinates through a
 * threshold. Its generators share nothing with those of the tiny world or of the tests' landscape, and were not tuned after
 * their first measurement: see `fresh-hash.ts`.
 */
export interface FreshLandscape {
  tasks: string[];
  datasets: { id: string; format: DatasetFormat; rows: number }[];
  base: Point;
  train(action: Action, from: Point): Point;
  merge(action: Action, parents: readonly Point[]): Point;
  /** Chance of a right answer at a task. */
  chance(task: string, point: Point): number;
}

/** A model of the landscape. */
export type Point = readonly number[];

interface Task {
  /** Coordinates that the skill is read from, with their parts. */
  reads: readonly { at: number; part: number }[];
  threshold: number;
  steepness: number;
  floor: number;
  ceiling: number;
  /** Coordinate of the answer's form. */
  form: number;
}

interface Data {
  /** What it shows of each coordinate that it touches. */
  shows: ReadonlyMap<number, number>;
  rate: number;
  forgets: number;
  /** Rows: a long training on a small set goes past what it shows. */
  rows: number;
  /** A preference set teaches only who is this far on a coordinate. */
  needs: { at: number; least: number } | null;
}

const fewestTasks = 3;
const usualSteps = 80;

/** Draws a landscape: 3–5 tasks, 6–11 training sets, 1–3 preference sets. */
export function freshLandscape(seed: number): FreshLandscape {
  const rng = createRng("fresh landscape", seed);
  const count = fewestTasks + rng.below(3);
  const hidden = 2 * count;
  const taskNames = Array.from({ length: count }, (_, index) => `skill_${index}`);
  const tasks = new Map(taskNames.map((name, index) => [name, drawTask(index, count, hidden, rng)]));
  const size = hidden + count;
  const data = new Map<string, Data>();
  for (let index = 0; index < count + 3 + rng.below(4); index++) data.set(`set_${index}`, drawData(index % count, count, hidden, rng));
  for (let index = 0; index < 1 + rng.below(3); index++) data.set(`pairs_${index}`, drawPairs(rng.below(count), hidden, rng));
  const base = Array.from({ length: size }, (_, at) => (at < hidden ? 0.25 * rng.normal() : 0.6 + 0.1 * rng.normal()));
  return {
    tasks: taskNames,
    datasets: [...data].map(([id, { rows }]) => ({ id, rows, format: id.startsWith("pairs") ? "preference" : "prompt_completion" })),
    base,
    train: (action, from) => train(action, from, base, data),
    merge: (action, parents) => merge(action, parents, base),
    chance: (name, point) => {
      const task = tasks.get(name);
      return task === undefined ? 0 : readTask(task, point);
    },
  };
}

function drawTask(index: number, count: number, hidden: number, rng: Rng): Task {
  const other = rng.below(hidden);
  return {
    reads: [
      { at: 2 * index, part: 0.8 },
      { at: 2 * index + 1, part: 0.5 },
      { at: other, part: 0.25 * (rng.uniform() < 0.5 ? -1 : 1) },
    ],
    threshold: 0.5 + 0.4 * rng.uniform(),
    steepness: 2 + 3 * rng.uniform(),
    floor: 0.15 * rng.uniform(),
    ceiling: 0.75 + 0.23 * rng.uniform(),
    form: hidden + (index % count),
  };
}

function drawData(task: number, count: number, hidden: number, rng: Rng): Data {
  const rows = Math.round(80 * 20 ** rng.uniform());
  const shows = new Map<number, number>();
  shows.set(2 * task, 0.4 + 0.9 * rng.uniform());
  if (rng.uniform() < 0.5) shows.set(2 * task + 1, 0.3 + 0.8 * rng.uniform());
  // It also says something of another skill, often the wrong thing.
  shows.set(2 * rng.below(count) + 1, -0.6 + 1.2 * rng.uniform());
  // One set in three teaches a form of answer that its task does not take.
  shows.set(hidden + task, rng.uniform() < 0.33 ? -0.6 : 0.9);
  return { shows, rate: 0.5 + 1.5 * rng.uniform(), forgets: 0.3 * rng.uniform(), rows, needs: null };
}

function drawPairs(task: number, hidden: number, rng: Rng): Data {
  const shows = new Map([
    [2 * task, 1 + 0.5 * rng.uniform()],
    [hidden + task, 1],
  ]);
  const needs = { at: 2 * task, least: 0.3 + 0.3 * rng.uniform() };
  return { shows, rate: 0.6 + 0.6 * rng.uniform(), forgets: 0.1 * rng.uniform(), rows: 400, needs };
}

function readTask({ reads, threshold, steepness, floor, ceiling, form }: Task, point: Point): number {
  const skill = reads.reduce((sum, { at, part }) => sum + part * (point[at] ?? 0), 0);
  const known = 1 / (1 + Math.exp(-steepness * (skill - threshold)));
  const written = 1 / (1 + Math.exp(-8 * (point[form] ?? 0)));
  return (floor + (ceiling - floor) * known) * written;
}

/** Sets of a mixture pull at the same time, each by its share of the rows. */
function train({ datasets, setting }: Action, from: Point, base: Point, data: ReadonlyMap<string, Data>): Point {
  const steps = Number(setting["max_steps"] ?? usualSteps);
  const sets = datasets.flatMap((id) => data.get(id) ?? []);
  const rows = sets.reduce((sum, set) => sum + set.rows, 0);
  const moved = [...from];
  for (const { shows, rate, forgets, rows: own, needs } of sets) {
    const share = own / rows;
    if (needs !== null && (from[needs.at] ?? 0) < needs.least) continue;
    const effort = 1 - Math.exp(-rate * share * (steps / usualSteps));
    const past = 1 + Math.max(0, Math.log(steps / usualSteps / (own / 200))) * 0.1;
    for (let at = 0; at < moved.length; at++) {
      const goal = shows.get(at);
      const here = moved[at] ?? 0;
      const home = base[at] ?? 0;
      moved[at] = goal === undefined ? here + forgets * effort * (home - here) : here + effort * (goal * past - here);
    }
  }
  return moved;
}

/** Linear: the mean. TIES: small changes from the base are dropped, and of the rest those of the stronger sign are averaged. */
function merge({ type, setting }: Action, parents: readonly Point[], base: Point): Point {
  if (!isMerge(type)) throw new RangeError(`${type} is no merge`);
  if (type === "merge_linear") return base.map((_, at) => meanOf(parents.map((parent) => parent[at] ?? 0)));
  const density = Number(setting["density"] ?? 0.5);
  const changes = parents.map((parent) => {
    const change = parent.map((value, at) => value - (base[at] ?? 0));
    const kept = change.toSorted((a, b) => Math.abs(b) - Math.abs(a))[Math.max(0, Math.ceil(density * change.length) - 1)] ?? 0;
    return change.map((value) => (Math.abs(value) >= Math.abs(kept) ? value : 0));
  });
  return base.map((home, at) => {
    const values = changes.map((change) => change[at] ?? 0);
    const sign = Math.sign(values.reduce((sum, value) => sum + value, 0));
    const agreeing = values.filter((value) => value !== 0 && Math.sign(value) === sign);
    return agreeing.length === 0 ? home : home + meanOf(agreeing);
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
