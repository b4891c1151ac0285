import { type Action, isMerge } from "../../action/action.ts";
import { baseOf } from "../../action/types/merging.ts";
import { mixtureShares } from "../../action/mixture-temperature.ts";
import type { ObservedTrial, PolicyView, TaskScores } from "../policy.ts";
import { type ArrowPriors, ArrowRegression, type Observation } from "./arrow-regression.ts";
import { predictChange } from "./beliefs.ts";
import { Calibration } from "./calibration.ts";
import { Evidence } from "./evidence.ts";
import { Layout } from "./layout.ts";
import { LowFidelity } from "./low-fidelity.ts";
import { mergeFeatures, mergePriors, mergeWeights } from "./merge-features.ts";
import { mixtureName, MixtureProxies } from "./mixture-proxies.ts";
import { Remerges } from "./remerges.ts";
import { blend, type Blend, mixturePriors, ownMixturePriors, type Part } from "./mixture.ts";
import { type ModelState, scoresOf, stateVector, weighScores } from "./model-state.ts";
import { type TrainingKind, trainingPriors, trainingTerms } from "./training-features.ts";

/** Standard deviation of one task's change that no feature explains: seed and sampling noise of the study. */
export const observationNoise = 0.035;

const nothing = new Float64Array(0);

/** Which regressions an action belongs to: trainings on one dataset, merges, trainings on several datasets. */
export type ActionFamily = "training" | "merging" | "mixing";

/** A set of datasets that a trial has shown together. */
export interface Mixture {
  type: Action["type"];
  datasets: readonly string[];
  parts: readonly Part[];
  /** Its group in the mixtures' regressions. */
  index: number;
}

/**
 * The linear effects model: regressions per task for trainings, merges and mixtures, and every model's exposure. Constant
 * time per trial.
 */
export class EffectModel {
  readonly layout: Layout;
  readonly evidence = new Evidence();
  readonly calibration = new Calibration();
  readonly low = new LowFidelity();
  readonly proxies = new MixtureProxies();
  readonly remerges = new Remerges();
  /** Datasets that a full SFT of a base has shown alone: the first model that it made, or null where it failed. */
  readonly probed = new Map<string, { model: string; base: string } | null>();
  /** One regression for each task. */
  readonly regressions: Readonly<Record<ActionFamily, readonly ArrowRegression[]>>;
  readonly #priors: ArrowPriors;
  readonly #exposures = new Map<string, Float64Array>();
  /** Sets of datasets that were trained on together: their place in the mixtures' regressions. */
  readonly #mixtures = new Map<string, Mixture>();
  /** Scores as numbers in the order of the tasks, so that a thousand candidates do not read them anew. */
  readonly #scores = new WeakMap<TaskScores, Float64Array>();
  readonly #vector: Float64Array;

  constructor(view: PolicyView) {
    this.layout = new Layout(view);
    const { tasks, groups } = this.layout.shape;
    this.#priors = trainingPriors(this.layout.shape);
    const merges = { pooled: mergePriors(this.layout.mergeTypes), groups: [] };
    const fresh = (priors: ArrowPriors) => this.layout.tasks.map(() => ArrowRegression.fromPriors(priors, observationNoise));
    this.regressions = {
      training: fresh(this.#priors),
      merging: fresh(merges),
      mixing: fresh({ pooled: mixturePriors, groups: [] }),
    };
    this.#vector = new Float64Array(1 + tasks + groups);
  }

  /** Takes in a finished trial: its parents' scores must be in the view. */
  observe(trial: ObservedTrial, view: PolicyView): void {
    const { action } = trial;
    this.evidence.add(trial);
    this.remerges.note(action, trial.model);
    const shown = this.probe(action, view);
    if (shown !== null && (this.probed.get(shown) ?? null) === null)
      this.probed.set(shown, trial.model === null ? null : { model: trial.model, base: action.models[0] ?? "" });
    if (trial.model !== null) this.proxies.note(action, trial.model);
    if (trial.model !== null) this.#exposures.set(trial.model, this.exposureAfter(action, view));
    if (trial.scores === null || !action.models.every((id) => view.scores.has(id))) return;
    const child = scoresOf(trial.scores, this.layout.tasks);
    this.#learnProxy(trial, child, view);
    this.#remember(action, view);
    const from = this.startScores(action, view);
    const regressions = this.regressions[this.familyOf(action)];
    const changes = child.map((score, t) => score - (from[t] ?? 0));
    const observations = this.observations(action, view);
    this.#calibrate(regressions, observations, changes, view);
    const gain = changes.reduce((sum, change, t) => sum + change * (view.weights[this.layout.tasks[t] ?? ""] ?? 0), 0);
    this.low.learn(trial, gain);
    for (const [t, seen] of observations.entries()) {
      const regression = regressions[t];
      if (regression !== undefined) this.low.add(action, regression, { seen, change: changes[t] ?? 0 });
    }
  }

  /** A merge of siblings says something about the mixture of their data. */
  #learnProxy({ action, number }: ObservedTrial, child: Float64Array, view: PolicyView): void {
    const mixture = this.proxies.standIn(action);
    // The surplus counts from what the datasets alone let expect, whatever earlier merges have shown.
    const expected = mixture === null ? null : this.blends(mixture, view, null);
    if (mixture === null || expected === null) return;
    const surplus = child.map((score, t) => score - (expected[t]?.start ?? score));
    this.proxies.add(mixture, surplus, number);
  }

  /** Compares the outcome with what was predicted before it. */
  #calibrate(regressions: readonly ArrowRegression[], observations: readonly Observation[], changes: Float64Array, view: PolicyView): void {
    let error = 0;
    let variance = 0;
    for (const [t, seen] of observations.entries()) {
      const weight = view.weights[this.layout.tasks[t] ?? ""] ?? 0;
      const posterior = regressions[t]?.posterior();
      if (posterior === undefined) continue;
      error += weight * ((changes[t] ?? 0) - predictChange(posterior.mean, seen));
      variance += weight * weight * (posterior.variance(seen) + observationNoise ** 2);
    }
    this.calibration.add(error, Math.sqrt(variance));
  }

  /** The dataset that an action shows alone: a full SFT of a base on it; null for every other action. */
  probe(action: Action, view: PolicyView): string | null {
    const isAlone = action.type === "sft" && action.datasets.length === 1 && view.modelsById.get(action.models[0] ?? "")?.depth === 0;
    return isAlone && this.#relativeSteps(action, view) >= 0.999 * action.fidelity.steps ? (action.datasets[0] ?? null) : null;
  }

  /** Number of the trial that made a model; null for a base. */
  trialOf(id: string, view: PolicyView): number | null {
    return view.modelsById.get(id)?.trial ?? null;
  }

  /** State of a model of the pool. Bases, and models whose making was not observed, have no exposure. */
  state(id: string, view: PolicyView): ModelState {
    const exposure = this.#exposures.get(id) ?? new Float64Array(this.layout.groups.length);
    return { scores: this.#scoresOf(id, view), exposure, depth: view.modelsById.get(id)?.depth ?? 0 };
  }

  #scoresOf(id: string, view: PolicyView): Float64Array {
    const scores = view.scores.get(id);
    if (scores === undefined) return new Float64Array(this.layout.tasks.length);
    const known = this.#scores.get(scores);
    if (known !== undefined) return known;
    const read = scoresOf(scores, this.layout.tasks);
    this.#scores.set(scores, read);
    return read;
  }

  /**
   * Scores that an action's change counts from: the parent's, the weighted mean of a merge's parents, or what the effects of
   * its datasets one by one let expect of a mixture.
   */
  startScores(action: Action, view: PolicyView): Float64Array {
    const blends = this.blends(action, view);
    if (blends !== null) return Float64Array.from(blends, ({ start }) => start);
    const states = action.models.map((id) => this.state(id, view).scores);
    const weights = isMerge(action.type) ? mergeWeights(action.setting, states.length) : Float64Array.of(1);
    return Float64Array.from(this.layout.tasks, (_, t) =>
      weighScores(
        Float64Array.from(states, (scores) => scores[t] ?? 0),
        weights,
      ),
    );
  }

  familyOf(action: Action): ActionFamily {
    return isMerge(action.type) ? "merging" : action.datasets.length === 1 ? "training" : "mixing";
  }

  /** The parts of a training on several datasets; null for other actions and where a dataset is in no group. */
  parts(action: Action, view: PolicyView): Part[] | null {
    if (this.familyOf(action) !== "mixing") return null;
    const datasets = view.datasets.filter((dataset) => action.datasets.includes(dataset.id));
    const shares = mixtureShares(
      datasets.map(({ rows }) => rows),
      action.setting,
    );
    const parts = datasets.flatMap((dataset, index) => {
      const group = this.layout.group(action.type, dataset.id);
      return group === null ? [] : [{ group, share: shares[index] ?? 0 }];
    });
    return parts.length === action.datasets.length ? parts : null;
  }

  /** Place of a set of datasets in the mixtures' regressions; null when no trial has shown it. */
  mixture(action: Action): number | null {
    return this.#mixtures.get(mixtureName(action))?.index ?? null;
  }

  /** The sets of datasets that trials have shown together, as the first such trial had them. */
  get mixtures(): Mixture[] {
    return [...this.#mixtures.values()];
  }

  /**
   * Start and features of a mixture by task, from what the posterior means say of its parts; null for other actions.
   * @param surplus of merges that stand in for it, by task; null counts none.
   */
  blends(action: Action, view: PolicyView, surplus = this.proxies.surplus(action)): Blend[] | null {
    const parts = this.parts(action, view);
    if (parts === null) return null;
    const state = this.state(action.models[0] ?? "", view);
    const shares = parts.map(({ share }) => share);
    const steps = this.#relativeSteps(action, view);
    return this.layout.tasks.map((_, t) => {
      const mean = this.regressions.training[t]?.posterior().mean;
      const changes = parts.map(({ group }) =>
        predictChange(mean, this.#trainingObservation(this.layout.kind(group, action.setting, steps), state, t)),
      );
      return blend({ score: state.scores[t] ?? 0, changes, shares, surplus: surplus?.[t] ?? 0 });
    });
  }

  /** How uncertain the start scores are, by task: those of a mixture rest on the effects of its parts. */
  startVariance(action: Action, view: PolicyView): Float64Array {
    const parts = this.parts(action, view) ?? [];
    const state = this.state(action.models[0] ?? "", view);
    const steps = this.#relativeSteps(action, view);
    return Float64Array.from(this.layout.tasks, (_, t) =>
      parts.reduce((sum, { group, share }) => {
        const seen = this.#trainingObservation(this.layout.kind(group, action.setting, steps), state, t);
        return sum + share * share * (this.regressions.training[t]?.posterior().variance(seen) ?? 0);
      }, 0),
    );
  }

  #remember(action: Action, view: PolicyView): void {
    const parts = this.parts(action, view);
    if (parts === null || this.mixture(action) !== null) return;
    const places = this.regressions.mixing.map((regression) => regression.addGroup(ownMixturePriors));
    this.#mixtures.set(mixtureName(action), { type: action.type, datasets: action.datasets, parts, index: places[0] ?? 0 });
  }

  /** Features of an action by task; none for a training on data that no group stands for. */
  observations(action: Action, view: PolicyView): Observation[] {
    if (isMerge(action.type)) {
      const kind = { type: action.type, setting: action.setting, weights: mergeWeights(action.setting, action.models.length) };
      const parents = action.models.map((id) => this.state(id, view).scores);
      const base = this.#baseScores(action.models, view);
      return this.layout.tasks.map((_, t) => {
        const scores = Float64Array.from(parents, (parent) => parent[t] ?? 0);
        return { group: null, pooled: mergeFeatures(this.layout.mergeTypes, kind, scores, base[t] ?? 0), own: nothing };
      });
    }
    const blends = this.blends(action, view);
    if (blends !== null) {
      const group = this.mixture(action);
      return blends.map(({ pooled, own }) => ({ group, pooled, own: group === null ? nothing : own }));
    }
    const group = action.datasets.length === 1 ? this.layout.group(action.type, action.datasets[0] ?? "") : null;
    if (group === null) return [];
    const kind = this.layout.kind(group, action.setting, this.#relativeSteps(action, view));
    return this.layout.tasks.map((_, t) => this.#trainingObservation(kind, this.state(action.models[0] ?? "", view), t));
  }

  /** Exposure of the model that an action makes. */
  exposureAfter(action: Action, view: PolicyView): Float64Array {
    const sum = new Float64Array(this.layout.groups.length);
    const weights = isMerge(action.type) ? mergeWeights(action.setting, action.models.length) : [1];
    for (const [index, id] of action.models.entries()) {
      const exposure = this.#exposures.get(id) ?? nothing;
      for (let g = 0; g < exposure.length; g++) sum[g] = (sum[g] ?? 0) + (exposure[g] ?? 0) * (weights[index] ?? 0);
    }
    if (isMerge(action.type)) return sum;
    const steps = this.#relativeSteps(action, view);
    const single = this.layout.group(action.type, action.datasets[0] ?? "");
    const parts = this.parts(action, view) ?? (single === null ? [] : [{ group: single, share: 1 }]);
    for (const { group, share } of parts) sum[group] = (sum[group] ?? 0) + steps * share;
    return sum;
  }

  #trainingObservation(kind: TrainingKind, state: ModelState, task: number): Observation {
    const pooled = new Float64Array(this.#priors.pooled.length);
    const own = new Float64Array(this.#priors.groups[kind.group]?.length ?? 0);
    stateVector(state, this.#vector);
    for (const { own: isOwn, feature, state: at, factor } of trainingTerms(this.layout.shape, kind, task)) {
      (isOwn ? own : pooled)[feature] = factor * (this.#vector[at] ?? 0);
    }
    return { group: kind.group, pooled, own };
  }

  #relativeSteps(action: Action, view: PolicyView): number {
    const datasets = view.datasets.filter((dataset) => action.datasets.includes(dataset.id));
    return this.layout.relativeSteps(action.type, action.setting, datasets, action.fidelity.steps);
  }

  /** Mean scores of the bases that the parents come from; where that is not known, of the parents themselves. */
  #baseScores(models: readonly string[], view: PolicyView): Float64Array {
    const sum = new Float64Array(this.layout.tasks.length);
    for (const id of models) {
      const model = view.modelsById.get(id);
      const base = model === undefined ? null : baseOf(model);
      for (const [t, score] of this.state(base ?? id, view).scores.entries()) sum[t] = (sum[t] ?? 0) + score / models.length;
    }
    return sum;
  }
}
