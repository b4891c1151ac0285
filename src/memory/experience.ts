import { type Action, isMerge } from "../action/action.ts";
import type { ObservedTrial, PolicyView, TaskScores } from "../policy/policy.ts";
import { changeOverParents, dataName, EffectTable } from "./effects.ts";
import { FailureTable } from "./failures.ts";
import { RungRecord } from "./rung-record.ts";

/** A model that stands out, with the trial that made it (null for a base). */
export interface Standout {
  model: string;
  trial: number | null;
  scores: TaskScores;
}

/** How merges of one kind turned out: trials that kept the better parent's score within the noise, and those that did not. */
export interface MergeRecord {
  kept: number[];
  lost: number[];
}

/** A dataset that sank a task: the score fell below a quarter of the parent's and near zero. */
export interface Conflict {
  dataset: string;
  task: string;
  trials: number[];
}

const standoutsKept = 12;
/** Window over which gains are looked at. */
export const progressWindow = 20;
/** Tie width until the noise was measured: twice the binomial standard error at 600 items. */
export const assumedNoise = 0.03;

/**
 * What a run has lived through, kept incrementally: the input of reflector and planner, rules and LLM alike.
 * Memory and time per trial do not grow with the length of the run, apart from one short string per model.
 */
export class Experience {
  readonly effects = new EffectTable();
  readonly failures = new FailureTable();
  /** What trainings below full fidelity have been worth. */
  readonly rungs = new RungRecord();
  readonly merges = new Map<string, MergeRecord>();
  readonly conflicts = new Map<string, Conflict>();
  /** Base models, with scores. */
  bases: Standout[] = [];
  /** The best models, best first. */
  standouts: Standout[] = [];
  /** The best model on each task. */
  specialists = new Map<string, Standout>();
  /** Best aggregate score after each of the last finished trials, the latest last. */
  bestSoFar: number[] = [];
  /** The trial that set the best score; null while a base is best. */
  bestTrial: number | null = null;
  trials = 0;
  /** Last training of each model, as `common`; a merge has none. */
  readonly #lastTraining = new Map<string, string>();
  #weights = "";

  /** Takes in a finished trial, in the order of recording; `view` holds the scores of its parents. */
  observe(trial: ObservedTrial, view: PolicyView): void {
    const weights = JSON.stringify(view.weights);
    if (weights !== this.#weights) this.#rank(view);
    this.#weights = weights;
    this.trials += 1;
    this.failures.add(trial);
    const parents = parentScores(trial.action, view);
    this.effects.add(trial, trial.scores, parents, view.weights);
    if (trial.scores !== null && trial.model !== null) {
      if (parents.length > 0) this.#learnFromChange(trial, trial.scores, parents, view);
      if (trial.kind !== "repeat") this.#place({ model: trial.model, trial: trial.number, scores: trial.scores }, view);
    }
    const best = this.standouts[0];
    this.bestTrial = best?.trial ?? null;
    this.bestSoFar.push(best === undefined ? 0 : weigh(best.scores, view.weights));
    if (this.bestSoFar.length > progressWindow + 1) this.bestSoFar.shift();
  }

  /** Gain of the best score over the last trials of the window. */
  recentGain(): number {
    return (this.bestSoFar.at(-1) ?? 0) - (this.bestSoFar[0] ?? 0);
  }

  #learnFromChange(trial: ObservedTrial, scores: TaskScores, parents: readonly TaskScores[], view: PolicyView): void {
    const { type, models, datasets } = trial.action;
    if (isMerge(type)) {
      const record = this.merges.get(type) ?? { kept: [], lost: [] };
      const better = Math.max(...parents.map((parent) => weigh(parent, view.weights)));
      const list = weigh(scores, view.weights) >= better - (view.noiseFloor ?? assumedNoise) / 2 ? record.kept : record.lost;
      list.push(trial.number);
      if (list.length > progressWindow) list.shift();
      this.merges.set(type, record);
      return;
    }
    const parent = parents[0] ?? {};
    this.rungs.add(trial.action, trial.number, weigh(scores, view.weights) - weigh(parent, view.weights));
    const dataset = dataName(datasets);
    const before = this.#lastTraining.get(models[0] ?? "");
    if (before !== undefined && before !== dataset)
      this.effects.count(`${dataset} after ${before}`, trial.number, changeOverParents(scores, parents));
    if (trial.model !== null) this.#lastTraining.set(trial.model, dataset);
    for (const task of view.tasks) {
      const was = parent[task] ?? 0;
      if (was < 0.15 || (scores[task] ?? 0) > Math.min(0.06, was / 4)) continue;
      const key = `${dataset}\n${task}`;
      const conflict = this.conflicts.get(key) ?? { dataset, task, trials: [] };
      conflict.trials = [...conflict.trials, trial.number].slice(-10);
      this.conflicts.set(key, conflict);
    }
  }

  #place(standout: Standout, view: PolicyView): void {
    if (this.standouts.some((other) => other.model === standout.model)) return;
    const score = weigh(standout.scores, view.weights);
    const at = this.standouts.findIndex((other) => weigh(other.scores, view.weights) < score);
    this.standouts.splice(at < 0 ? this.standouts.length : at, 0, standout);
    this.standouts.length = Math.min(this.standouts.length, standoutsKept);
    for (const task of view.tasks) {
      const best = this.specialists.get(task);
      if (best === undefined || (standout.scores[task] ?? 0) > (best.scores[task] ?? 0)) this.specialists.set(task, standout);
    }
  }

  /** Ranks the whole pool anew: at the start, and when people change the weights of tasks. */
  #rank(view: PolicyView): void {
    const all = view.models.flatMap((model): Standout[] => {
      const scores = view.scores.get(model.id);
      return scores === undefined ? [] : [{ model: model.id, trial: model.trial, scores }];
    });
    this.bases = all.filter((standout) => standout.trial === null);
    this.standouts = [];
    this.specialists.clear();
    for (const standout of all) this.#place(standout, view);
  }
}

/** Weighted sum of scores: the aggregate that a run is after. */
export function weigh(scores: TaskScores, weights: TaskScores): number {
  let sum = 0;
  for (const [task, weight] of Object.entries(weights)) sum += weight * (scores[task] ?? 0);
  return sum;
}

/** Scores of an action's parents, in the order of its models; those that were not evaluated are left out. */
export function parentScores(action: Pick<Action, "models">, view: Pick<PolicyView, "scores">): TaskScores[] {
  return action.models.map((id) => view.scores.get(id)).filter((scores) => scores !== undefined);
}
