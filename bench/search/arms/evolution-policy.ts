import { isMerge } from "#src/action/action.ts";
import type { SpaceLimits } from "#src/action/choice-space.ts";
import { describeAction } from "#src/action/describe-action.ts";
import { weigh } from "#src/memory/experience.ts";
import { formatScore } from "#src/memory/format-score.ts";
import { isBelowBase } from "#src/policy/below-base.ts";
import { drawOnModel } from "#src/policy/draw-on-model.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "#src/policy/policy.ts";
import { proposeRandom } from "#src/policy/propose-random.ts";
import type { Rng } from "#src/policy/rng.ts";
import type { PoolModel } from "#src/pool/objects.ts";

/** The first generation, drawn at random. */
const founders = 8;
/** Living models: the latest so many, as in regularised evolution (Real et al. 2019, arXiv 1802.01548). */
const population = 20;
/** Models drawn from the living for a tournament; the best of them becomes the parent. */
const tournament = 5;
/** Tournaments before chance decides. */
const tournaments = 10;

/** Tournament evolution: a child of the winner of a tournament among the latest models, merged with winners of others. */
export class EvolutionPolicy implements Policy {
  readonly name = "evolution";
  readonly #limits: SpaceLimits;

  constructor(limits: SpaceLimits) {
    this.#limits = limits;
  }

  /** All that it needs stands in the view. */
  observe(_trial: ObservedTrial): void {}

  async propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null> {
    signal?.throwIfAborted();
    const living = view.models
      .filter((model) => view.scores.has(model.id) && model.depth < this.#limits.max_depth && !isBelowBase(model, view))
      .slice(-population);
    if (view.trials.length + view.pending.length < founders || living.length === 0) return proposeRandom(view, rng, this.name);
    for (let round = 0; round < tournaments; round++) {
      const model = winner(living, view, rng);
      const mates = Array.from({ length: this.#limits.merge_parents - 1 }, () => winner(living, view, rng));
      const action = drawOnModel({ model, mates: [...new Set(mates)], view, limits: this.#limits }, rng);
      if (action === null) continue;
      const score = formatScore(weigh(view.scores.get(model.id) ?? {}, view.weights));
      return {
        action,
        candidates: [{ action, value: null, prediction: null }],
        candidatesConsidered: living.length,
        shownOrder: null,
        mode: isMerge(action.type) ? "combine" : "exploit",
        reason: `${model.id} (${score}) won a tournament of ${tournament} among the latest ${living.length} models; ${describeAction(action)} was drawn at random from its untried actions.`,
        evidence: model.trial === null ? [] : [model.trial],
        effects: [],
        next: [],
        chosenBy: this.name,
        notes: [],
      };
    }
    return proposeRandom(view, rng, this.name);
  }
}

function winner(living: readonly PoolModel[], view: PolicyView, rng: Rng): PoolModel {
  const scoreOf = (model: PoolModel) => weigh(view.scores.get(model.id) ?? {}, view.weights);
  const drawn = Array.from({ length: tournament }, () => rng.pick(living));
  return drawn.reduce((best, model) => (scoreOf(model) > scoreOf(best) ? model : best));
}
