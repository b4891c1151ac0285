import { type Action, isMerge } from "../action/action.ts";
import type { SpaceLimits } from "../action/choice-space.ts";
import { describeAction } from "../action/describe-action.ts";
import { weigh } from "../memory/experience.ts";
import { formatScore } from "../memory/format-score.ts";
import type { PoolModel } from "../pool/objects.ts";
import { isBelowBase } from "./below-base.ts";
import { drawOnModel } from "./draw-on-model.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "./policy.ts";
import { proposeRandom } from "./propose-random.ts";
import type { Rng } from "./rng.ts";

/** Share of purely random choices. */
const epsilon = 0.3;
/** Models that a merge's other parents come from, and that are tried in turn when the best has nothing left. */
const bestModels = 8;

/** Builds on the best model so far, over the full action space, and at random every third time (ε = .3). */
export class GreedyPolicy implements Policy {
  readonly name = "greedy";
  readonly #config: SpaceLimits;
  /** Trial that made each of the pool's models, for evidence. */
  readonly #trials = new Map<string, number>();

  constructor(config: SpaceLimits) {
    this.#config = config;
  }

  observe(trial: ObservedTrial): void {
    if (trial.model !== null) this.#trials.set(trial.model, trial.number);
  }

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    signal?.throwIfAborted();
    if (rng.uniform() < epsilon) return proposeRandom(view, rng, this.name);
    const ranked = this.#best(view);
    for (const { model, score } of ranked) {
      const mates = ranked.map((entry) => entry.model);
      const action = drawOnModel({ model, mates, view, limits: this.#config }, rng);
      if (action !== null) return this.#proposal(action, model, score, ranked.length);
    }
    return proposeRandom(view, rng, this.name);
  }

  #best(view: PolicyView): { model: PoolModel; score: number }[] {
    return view.models
      .filter((model) => view.scores.has(model.id) && model.depth < this.#config.max_depth && !isBelowBase(model, view))
      .map((model) => ({ model, score: weigh(view.scores.get(model.id) ?? {}, view.weights) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, bestModels);
  }

  #proposal(action: Action, model: PoolModel, score: number, considered: number): Proposal {
    const trial = this.#trials.get(model.id) ?? model.trial;
    const origin = trial === null ? "a base" : `trial ${trial}`;
    return {
      action,
      candidates: [{ action, value: null, prediction: null }],
      candidatesConsidered: considered,
      shownOrder: null,
      mode: isMerge(action.type) ? "combine" : "exploit",
      reason: `${model.id} (${origin}) scores ${formatScore(score)}, the best that can still be built on; ${describeAction(action)} was drawn at random from its untried actions.`,
      evidence: trial === null ? [] : [trial],
      effects: [],
      next: [],
      chosenBy: this.name,
      notes: [],
    };
  }
}
