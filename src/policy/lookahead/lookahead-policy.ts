import { type Action, isMerge } from "../../action/action.ts";
import type { RunConfig } from "../../config/run-config.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "../policy.ts";
import { proposeRandom } from "../propose-random.ts";
import type { Rng } from "../rng.ts";
import type { ArrowPosterior } from "./arrow-posterior.ts";
import type { ArrowRegression } from "./arrow-regression.ts";
import { predictChange } from "./beliefs.ts";
import { type CandidatesInput, mergeCandidates, trainingCandidates, trainingChoices } from "./candidates.ts";
import { coldStart } from "./cold-start.ts";
import { EffectModel } from "./effect-model.ts";
import { proposeBest, proposeColdStart } from "./propose.ts";
import type { Posteriors } from "./predict.ts";
import { type Candidate, rank } from "./rank.ts";
import type { ModelState } from "./model-state.ts";
import { standing } from "./standing.ts";

/** Half of the posterior's width is drawn: in the study full width explored too much to look ahead with. */
const thompsonWidth = 0.5;

/**
 * Bayesian linear effects of actions given what a model was trained on, Thompson sampling at half width, and a rollout of
 * three more trainings: the best policy of the study, without a language model.
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
    const { focus, rankedBy } = standing(view);
    const first = coldStart({ view, model, aggregate: rankedBy }, rng);
    const posteriors = withPending(model, view);
    if (first !== null) return proposeColdStart(first, view, model, posteriors);
    const input: CandidatesInput = {
      view,
      layout: model.layout,
      maxDepth: this.#config.max_depth,
      mostParents: this.#config.merge_parents,
      aggregate: rankedBy,
    };
    const choices = trainingChoices(input, rng);
    const candidates = [
      ...trainingCandidates(input, choices, rng).map(({ action, choice }) => candidateOf(action, choice, model, view)),
      ...mergeCandidates(input, rng).map((action) => candidateOf(action, null, model, view)),
    ];
    if (candidates.length === 0) return proposeRandom(view, rng, this.name);
    const ranking = {
      view,
      model,
      candidates,
      choices,
      weights: focus,
      best: bestState(model, view, rankedBy),
      maxDepth: this.#config.max_depth,
    };
    const draw = {
      training: posteriors.training.map((posterior) => posterior.draw(rng, thompsonWidth)),
      merging: posteriors.merging.map((posterior) => posterior.draw(rng, thompsonWidth)),
    };
    const means = { training: posteriors.training.map(({ mean }) => mean), merging: posteriors.merging.map(({ mean }) => mean) };
    return proposeBest({ view, model, posteriors, candidates, drawn: rank(ranking, draw), meant: rank(ranking, means) });
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

/** What a ranking needs of an action. */
function candidateOf(action: Action, choice: number | null, model: EffectModel, view: PolicyView): Candidate {
  const states = action.models.map((id) => model.state(id, view));
  const first = states[0];
  const start =
    choice === null || first === undefined ? { scores: model.startScores(action, view), exposure: new Float64Array(0), depth: 0 } : first;
  return {
    action,
    choice,
    start,
    exposure: model.exposureAfter(action, view),
    depth: 1 + Math.max(...states.map((state) => state.depth)),
    observations: isMerge(action.type) ? model.observations(action, view) : [],
  };
}

/** Posteriors that count trials under way as if they came out as expected: their uncertainty is not explored twice. */
function withPending(model: EffectModel, view: PolicyView): Posteriors {
  return { training: conditioned(model.training, model, view, false), merging: conditioned(model.merging, model, view, true) };
}

function conditioned(regressions: readonly ArrowRegression[], model: EffectModel, view: PolicyView, merges: boolean): ArrowPosterior[] {
  const pending = view.pending
    .filter(({ action }) => isMerge(action.type) === merges)
    .map(({ action }) => model.observations(action, view));
  return regressions.map((regression, t) => {
    const posterior = regression.posterior();
    const seen = pending.flatMap((observations) => observations[t] ?? []);
    if (seen.length === 0) return posterior;
    const copy = regression.copy();
    for (const fantasy of seen) copy.add(fantasy.group, fantasy.pooled, fantasy.own, predictChange(posterior.mean, fantasy));
    return copy.posterior();
  });
}

function bestState(model: EffectModel, view: PolicyView, aggregate: (id: string) => number): ModelState {
  const [first, ...others] = view.models.filter((candidate) => view.scores.has(candidate.id));
  const best = others.reduce((leader, candidate) => (aggregate(candidate.id) > aggregate(leader?.id ?? "") ? candidate : leader), first);
  return model.state(best?.id ?? "", view);
}
