import { plannedSteps } from "../../action/planned-steps.ts";
import type { Action } from "../../action/action.ts";
import type { RunConfig } from "../../config/run-config.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "../policy.ts";
import { proposeRandom } from "../propose-random.ts";
import type { Rng } from "../rng.ts";
import { type CandidatesInput, mergeCandidates, type TrainingChoice, trainingCandidates, trainingChoices } from "./candidates.ts";
import { mixtureCandidates } from "./mixture-candidates.ts";
import { coldStart } from "./cold-start.ts";
import { EffectModel } from "./effect-model.ts";
import { keepPromise } from "./keep-promise.ts";
import { type Goal, worthOf } from "./goal.ts";
import { type ModelState, scoresOf } from "./model-state.ts";
import { beliefsOf, posteriorsOf, posteriorsWithPending } from "./posteriors.ts";
import { proposeBest, proposeColdStart } from "./propose.ts";
import { type Candidate, rank } from "./rank.ts";
import { Purse } from "./purse.ts";
import { standing } from "./standing.ts";

/** Half of the posterior's width is drawn: in the study full width explored too much to look ahead with. */
const thompsonWidth = 0.5;
/** Over the last trials of the budget the draw narrows to the means: what is learnt then serves nobody. */
const closingTrials = 5;

/**
 * Bayesian linear effects of actions given what a model was trained on, Thompson sampling at half width, and a rollout of
 * further trainings: the best policy of the study, without a language model.
 */
export class LookaheadPolicy implements Policy {
  readonly name = "lookahead";
  readonly #config: Pick<RunConfig, "max_depth" | "merge_parents">;
  readonly #observed = new Set<number>();
  #model: EffectModel | null = null;

  constructor(config: Pick<RunConfig, "max_depth" | "merge_parents">) {
    this.#config = config;
  }

  observe(trial: ObservedTrial, view: PolicyView): void {
    this.#modelFor(view).observe(trial, view);
    this.#observed.add(trial.number);
  }

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    signal?.throwIfAborted();
    const model = this.#modelFor(view);
    const posteriors = posteriorsOf(model);
    const { goal, rankedBy } = standing(view);
    const first = coldStart({ view, model, aggregate: rankedBy }, rng);
    if (first !== null) return proposeColdStart(first, view, model, posteriors);
    const { max_depth: maxDepth, merge_parents: mostParents } = this.#config;
    const input: CandidatesInput = { view, layout: model.layout, maxDepth, mostParents, aggregate: rankedBy };
    const choices = trainingChoices(input, rng);
    const found = [
      ...trainingCandidates(input, choices, rng).map(({ action, choice }) =>
        trainingCandidate(action, [{ choice, share: 1 }], choices, model.state(action.models[0] ?? "", view)),
      ),
      ...mixtureCandidates(input, model, choices, rng).map(({ action, parts }) =>
        trainingCandidate(action, parts, choices, model.state(action.models[0] ?? "", view)),
      ),
      ...freshMerges(mergeCandidates(input, rng), model, view).map((action) => mergeCandidate(action, model, view)),
    ];
    const purse = Purse.of(view, model.layout, choices);
    const affordable = found.filter(({ action }) => purse.affords(plannedSteps(action, view.datasets)));
    const candidates = keepPromise(affordable, view, model.evidence);
    if (candidates.length === 0) return proposeRandom(view, rng, this.name);
    const ranking = {
      view,
      model,
      candidates,
      choices,
      goal,
      best: bestState(model, view, goal),
      maxDepth,
      purse,
      aggregate: rankedBy,
    };
    const pending = posteriorsWithPending(model, view);
    const width = thompsonWidth * Math.min(1, purse.trialsAfter / closingTrials);
    const drawn = rank(ranking, beliefsOf(pending, { rng, width }));
    const meant = rank(ranking, beliefsOf(pending, null));
    return proposeBest({
      view,
      model,
      posteriors,
      candidates,
      drawn,
      meant,
      rankedBy,
      best: worthOf(ranking.best.scores, goal),
      purse,
    });
  }

  /** The model goes on while tasks, datasets and types stay; otherwise what was observed is learnt again. */
  #modelFor(view: PolicyView): EffectModel {
    if (this.#model?.layout.fits(view) === true) return this.#model;
    const model = new EffectModel(view);
    for (const trial of view.trials) if (this.#observed.has(trial.number)) model.observe(trial, view);
    this.#model = model;
    return model;
  }
}

/** What a ranking needs of a training. */
function trainingCandidate(action: Action, parts: Candidate["parts"], choices: readonly TrainingChoice[], start: ModelState): Candidate {
  const exposure = start.exposure.slice();
  for (const { choice, share } of parts) {
    const chosen = choices[choice];
    if (chosen !== undefined) exposure[chosen.group] = (exposure[chosen.group] ?? 0) + chosen.relativeSteps * share;
  }
  return { action, parts, start, exposure, depth: start.depth + 1, observations: [] };
}

/** Merges of trained models that have not been merged often enough yet. */
function freshMerges(merges: readonly Action[], { remerges }: EffectModel, view: PolicyView): Action[] {
  const pending = view.pending.map(({ action }) => action);
  return merges.filter((action) => !remerges.isWornOut(action, pending));
}

/** What a ranking needs of a merge. */
function mergeCandidate(action: Action, model: EffectModel, view: PolicyView): Candidate {
  const depth = Math.max(...action.models.map((id) => model.state(id, view).depth));
  const exposure = model.exposureAfter(action, view);
  const start = { scores: model.startScores(action, view), exposure, depth };
  return { action, parts: [], start, exposure, depth: depth + 1, observations: model.observations(action, view) };
}

/** The model of the pool that is worth most. */
function bestState(model: EffectModel, view: PolicyView, goal: Goal): ModelState {
  let best = "";
  let highest = Number.NEGATIVE_INFINITY;
  for (const { id } of view.models) {
    const scores = view.scores.get(id);
    const worth = scores === undefined ? Number.NEGATIVE_INFINITY : worthOf(scoresOf(scores, view.tasks), goal);
    if (worth > highest) [best, highest] = [id, worth];
  }
  return model.state(best, view);
}
