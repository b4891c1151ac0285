import { type ActionTypeName, isFull, isMerge } from "../action/action.ts";
import type { ObservedTrial, TaskScores } from "../policy/policy.ts";
import { describeFidelity } from "./describe-rungs.ts";
import type { Effect } from "./memory.ts";
import { studentT } from "./student-t.ts";

/** Sums behind one effect: enough for mean and deviation under any task weights, which people may change later. */
interface Tally {
  name: string;
  count: number;
  /** Sum of changes by task, and of their products by pair of tasks. */
  sums: Map<string, number>;
  products: Map<string, Map<string, number>>;
  trials: number[];
  /** What the sums come to under the weights of now; null when it has to be worked out again. */
  effect: Effect | null;
}

const trialsKept = 10;
/** Far more than the 60 shown; parents that were used once go first. */
const tallyLimit = 600;

/** Effects of kinds of actions, updated with a few additions per trial whatever the length of the run. */
export class EffectTable {
  readonly #tallies = new Map<string, Tally>();
  /** Names under which trainings below full fidelity were counted, without the fidelity. */
  readonly #lowNames = new Set<string>();
  #weights: TaskScores = {};

  /** Counts a finished trial under its type, datasets, parents and type × dataset, below full fidelity with that. A failed trial has no change to count. */
  add(trial: ObservedTrial, childScores: TaskScores | null, parentScores: readonly TaskScores[], weights: TaskScores): void {
    this.weigh(weights);
    if (childScores === null || parentScores.length === 0) return;
    const change = changeOverParents(childScores, parentScores);
    const { fidelity } = trial.action;
    // What a short training does is not what a full one does: it is told apart.
    const isLow = !isFull(trial.action);
    for (const name of effectNames(trial)) {
      if (isLow) this.#lowNames.add(name);
      this.count(isLow ? `${name} at ${describeFidelity(fidelity)}` : name, trial.number, change);
    }
  }

  /** Counts one change under a name of the caller's. */
  count(name: string, trial: number, change: TaskScores): void {
    let tally = this.#tallies.get(name);
    if (tally === undefined) {
      if (this.#tallies.size >= tallyLimit) this.#evict();
      tally = { name, count: 0, sums: new Map(), products: new Map(), trials: [], effect: null };
      this.#tallies.set(name, tally);
    }
    tally.count += 1;
    tally.effect = null;
    for (const [task, value] of Object.entries(change)) {
      tally.sums.set(task, (tally.sums.get(task) ?? 0) + value);
      const row = tally.products.get(task) ?? new Map<string, number>();
      for (const [other, otherValue] of Object.entries(change)) row.set(other, (row.get(other) ?? 0) + value * otherValue);
      tally.products.set(task, row);
    }
    tally.trials.push(trial);
    if (tally.trials.length > trialsKept) tally.trials.shift();
  }

  /** The effect of that name, or null when no trial was counted. */
  find(name: string): Effect | null {
    const tally = this.#tallies.get(name);
    return tally === undefined ? null : this.#effectOf(tally);
  }

  /** Whether a trial showed what this kind of action does, at any fidelity. */
  knows(name: string): boolean {
    return this.#tallies.has(name) || this.#lowNames.has(name);
  }

  /** Effects with the most trials first; among equals the larger change. */
  top(limit = 60): Effect[] {
    return this.all()
      .toSorted((a, b) => b.count - a.count || Math.abs(b.mean) - Math.abs(a.mean) || (a.name < b.name ? -1 : 1))
      .slice(0, limit);
  }

  /** Every effect whose name passes, in the order of first appearance. */
  all(accept: (name: string) => boolean = () => true): Effect[] {
    return [...this.#tallies.values()].filter((tally) => accept(tally.name)).map((tally) => this.#effectOf(tally));
  }

  /** A trial changes a handful of hundreds. */
  #effectOf(tally: Tally): Effect {
    tally.effect ??= summarise(tally, this.#weights);
    return tally.effect;
  }

  /** Reads the effects by these weights of tasks from now on. */
  weigh(weights: TaskScores): void {
    const isSame = Object.keys({ ...weights, ...this.#weights }).every((task) => weights[task] === this.#weights[task]);
    if (isSame) return;
    this.#weights = weights;
    for (const tally of this.#tallies.values()) tally.effect = null;
  }

  #evict(): void {
    let victim: Tally | null = null;
    for (const tally of this.#tallies.values()) {
      if (victim === null || tally.count < victim.count) victim = tally;
    }
    if (victim !== null) this.#tallies.delete(victim.name);
  }
}

/** Names that a trial is counted under: `type:sft`, `dataset:gsm8k`, `parent:m4`, `sft × gsm8k`, `merge_ties × 3 parents`. */
function effectNames(trial: Pick<ObservedTrial, "action">): string[] {
  const { type, models, datasets } = trial.action;
  const names = [`type:${type}`, ...models.map((model) => `parent:${model}`)];
  if (isMerge(type)) names.push(`${type} × ${models.length} parents`);
  else if (datasets.length === 1) names.push(`dataset:${datasets[0]}`, groupName(type, datasets[0] ?? ""));
  else names.push(groupName(type, dataName(datasets)));
  return names;
}

/** More datasets than this are counted and not named. */
const mostNamed = 4;

/** `math + trivia`, or `7 datasets`. */
export function dataName(datasets: readonly string[]): string {
  return datasets.length > mostNamed ? `${datasets.length} datasets` : datasets.join(" + ");
}

/** `sft × gsm8k`. */
export function groupName(type: ActionTypeName, dataset: string): string {
  return `${type} × ${dataset}`;
}

/** Child minus the mean of its parents, by task. */
export function changeOverParents(child: TaskScores, parents: readonly TaskScores[]): TaskScores {
  const entries = Object.entries(child).map(([task, score]): [string, number] => {
    const before = parents.reduce((sum, parent) => sum + (parent[task] ?? 0), 0) / parents.length;
    return [task, score - before];
  });
  return Object.fromEntries(entries);
}

function summarise(tally: Tally, weights: TaskScores): Effect {
  const tasks: Record<string, number> = {};
  let mean = 0;
  let square = 0;
  for (const [task, sum] of tally.sums) {
    const weight = weights[task] ?? 0;
    tasks[task] = sum / tally.count;
    mean += (weight * sum) / tally.count;
    for (const [other, product] of tally.products.get(task) ?? []) square += weight * (weights[other] ?? 0) * product;
  }
  const variance = tally.count > 1 ? Math.max(0, (square - tally.count * mean * mean) / (tally.count - 1)) : 0;
  const half = tally.count > 1 ? studentT(tally.count - 1) * Math.sqrt(variance / tally.count) : 0;
  return { name: tally.name, count: tally.count, mean, low: mean - half, high: mean + half, trials: [...tally.trials], tasks };
}
