import { type Action, isFull, isMerge } from "../action/action.ts";
import type { ObservedTrial, PolicyView, TaskScores } from "../policy/policy.ts";
import { changeOverParents, dataName, EffectTable } from "./effects.ts";
import { FailureTable } from "./failures.ts";
import { keepsFloors } from "../score/floors.ts";
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
  /** What merges brought back, the latest last. */
  regained: Regained[];
}

/** A task that one parent of a merge had lost against another, and that the merge scores about as well on as the better one. */
export interface Regained {
  trial: number;
  task: string;
  /** Scores on that task. */
  worse: number;
  better: number;
  score: number;
}

/** A dataset that sank a task: the score fell below a quarter of the parent's and near zero. */
export interface Conflict {
  dataset: string;
  task: string;
  trials: number[];
  /** Scores on that task before and after the latest of them. */
  from: number;
  to: number;
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
  /** The best models, best first; those that break a floor come last. */
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
  #goal = "";

  /** Takes in a finished trial, in the order of recording; `view` holds the scores of its parents. */
  observe(trial: ObservedTrial, view: PolicyView): void {
    this.#followGoal(view);
    this.trials += 1;
    this.failures.add(trial);
    const parents = parentScores(trial.action, view);
    this.effects.add(trial, trial.scores, parents, view.weights);
    if (trial.scores !== null && trial.model !== null) {
      if (parents.length > 0) this.#learnFromChange(trial, trial.scores, parents, view);
      if (trial.kind !== "repeat") this.#place({ model: trial.model, trial: trial.number, scores: trial.scores }, view);
    }
    this.#noteBest(this.standouts[0], view);
  }

  /** Ranks what was lived through by the view's weights and floors where these have changed: people steer at any time. */
  keepUp(view: PolicyView): void {
    // Before the first trial the bases may not be measured yet.
    if (this.trials > 0) this.#followGoal(view);
  }

  #followGoal(view: PolicyView): void {
    const goal = JSON.stringify([view.weights, view.floors]);
    if (goal === this.#goal) return;
    this.#goal = goal;
    this.effects.weigh(view.weights);
    this.#rank(view);
  }

  /** Gain of the best score over the last trials of the window. */
  recentGain(): number {
    return (this.bestSoFar.at(-1) ?? 0) - (this.bestSoFar[0] ?? 0);
  }

  #learnFromChange(trial: ObservedTrial, scores: TaskScores, parents: readonly TaskScores[], view: PolicyView): void {
    const { type, models, datasets } = trial.action;
    if (isMerge(type)) {
      const record = this.merges.get(type) ?? { kept: [], lost: [], regained: [] };
      const better = Math.max(...parents.map((parent) => weigh(parent, view.weights)));
      const list = weigh(scores, view.weights) >= better - (view.noiseFloor ?? assumedNoise) / 2 ? record.kept : record.lost;
      list.push(trial.number);
      if (list.length > progressWindow) list.shift();
      record.regained = [...record.regained, ...regainedBy(trial.number, scores, parents)].slice(-progressWindow);
      this.merges.set(type, record);
      return;
    }
    const parent = parents[0] ?? {};
    this.rungs.add(trial.action, trial.number, weigh(scores, view.weights) - weigh(parent, view.weights));
    const dataset = dataName(datasets);
    const before = this.#lastTraining.get(models[0] ?? "");
    if (before !== undefined && before !== dataset && isFull(trial.action))
      this.effects.count(`${dataset} after ${before}`, trial.number, changeOverParents(scores, parents));
    if (trial.model !== null) this.#lastTraining.set(trial.model, dataset);
    for (const task of view.tasks) {
      const from = parent[task] ?? 0;
      const to = scores[task] ?? 0;
      if (!isSunk(from, to)) continue;
      const key = `${dataset}\n${task}`;
      const trials = [...(this.conflicts.get(key)?.trials ?? []), trial.number].slice(-10);
      this.conflicts.set(key, { dataset, task, trials, from, to });
    }
  }

  #place(standout: Standout, view: PolicyView): void {
    if (this.standouts.some((other) => other.model === standout.model)) return;
    const at = this.standouts.findIndex((other) => isAhead(standout, other, view));
    this.standouts.splice(at < 0 ? this.standouts.length : at, 0, standout);
    this.standouts.length = Math.min(this.standouts.length, standoutsKept);
    for (const task of view.tasks) {
      const best = this.specialists.get(task);
      if (best === undefined || (standout.scores[task] ?? 0) > (best.scores[task] ?? 0)) this.specialists.set(task, standout);
    }
  }

  #noteBest(best: Standout | undefined, view: PolicyView): void {
    this.bestTrial = best?.trial ?? null;
    this.bestSoFar.push(best === undefined ? 0 : weigh(best.scores, view.weights));
    if (this.bestSoFar.length > progressWindow + 1) this.bestSoFar.shift();
  }

  /** Ranks the whole pool anew, and what was best after each trial so far. */
  #rank(view: PolicyView): void {
    const all = view.models.flatMap((model): Standout[] => {
      const scores = view.scores.get(model.id);
      return scores === undefined ? [] : [{ model: model.id, trial: model.trial, scores }];
    });
    this.bases = all.filter((standout) => standout.trial === null);
    this.standouts = [];
    this.specialists.clear();
    for (const standout of all) this.#place(standout, view);
    this.bestSoFar = [];
    const byModel = new Map(all.map((standout) => [standout.model, standout]));
    let best = this.bases.toSorted((a, b) => (isAhead(a, b, view) ? -1 : 1))[0];
    for (const trial of view.trials.slice(0, this.trials)) {
      const made = byModel.get(trial.model ?? "");
      if (made !== undefined && trial.kind !== "repeat" && (best === undefined || isAhead(made, best, view))) best = made;
      this.#noteBest(best, view);
    }
  }
}

/** Whether a model stands before another: one that keeps the floors before one that does not, then the better score. */
function isAhead(standout: Standout, other: Standout, view: PolicyView): boolean {
  const keeps = ({ scores }: Standout) => keepsFloors(scores, view.floors);
  if (keeps(standout) !== keeps(other)) return keeps(standout);
  return weigh(standout.scores, view.weights) > weigh(other.scores, view.weights);
}

/** A task that scored something and now scores next to nothing. */
export function isSunk(from: number, to: number): boolean {
  return from >= 0.15 && to <= Math.min(0.06, from / 4);
}

/** A parent has lost a task when it is this far behind another on it: five times what counts as a tie. */
const lostGap = 5 * assumedNoise;

function regainedBy(trial: number, scores: TaskScores, parents: readonly TaskScores[]): Regained[] {
  return Object.entries(scores).flatMap(([task, score]) => {
    const before = parents.map((parent) => parent[task] ?? 0);
    const [worse, better] = [Math.min(...before), Math.max(...before)];
    return better - worse >= lostGap && score >= better - assumedNoise ? [{ trial, task, worse, better, score }] : [];
  });
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
