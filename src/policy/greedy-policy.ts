import { type Action, isMerge } from "../action/action.ts";
import { canonicalAction } from "../action/canonical-action.ts";
import { describeAction } from "../action/describe-action.ts";
import type { RunConfig } from "../config/run-config.ts";
import { weigh } from "../memory/experience.ts";
import { formatScore } from "../memory/format-score.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { ObservedTrial, Policy, PolicyView, Proposal } from "./policy.ts";
import { proposeRandom } from "./propose-random.ts";
import type { Rng } from "./rng.ts";
import { trainingGroups } from "./training-groups.ts";

/** Share of purely random choices. */
const epsilon = 0.3;
/** Models that a merge's other parents come from, and that are tried in turn when the best has nothing left. */
const bestModels = 8;
/** Draws on one model before the next best is looked at. */
const attempts = 40;

/** Builds on the best model so far, over the full action space, and at random every third time (ε = .3). */
export class GreedyPolicy implements Policy {
  readonly name = "greedy";
  readonly #config: Pick<RunConfig, "max_depth" | "merge_parents">;
  /** Trial that made each of the pool's models, for evidence. */
  readonly #trials = new Map<string, number>();

  constructor(config: Pick<RunConfig, "max_depth" | "merge_parents">) {
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
      const action = this.#drawOn(
        model,
        ranked.map((entry) => entry.model),
        view,
        rng,
      );
      if (action !== null) return this.#proposal(action, model, score, ranked.length);
    }
    return proposeRandom(view, rng, this.name);
  }

  #best(view: PolicyView): { model: PoolModel; score: number }[] {
    return view.models
      .filter((model) => view.scores.has(model.id) && model.depth < this.#config.max_depth)
      .map((model) => ({ model, score: weigh(view.scores.get(model.id) ?? {}, view.weights) }))
      .toSorted((a, b) => b.score - a.score)
      .slice(0, bestModels);
  }

  /** An untried action that builds on the model: type first, then the rest at random. */
  #drawOn(model: PoolModel, others: readonly PoolModel[], view: PolicyView, rng: Rng): Action | null {
    const groups = trainingGroups(view.space);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const type = rng.pick(view.space.types);
      const datasets = groups.filter((group) => group.type === type).map((group) => group.dataset.id);
      const parents = isMerge(type) ? this.#parents(model, others, type === "merge_slerp", rng) : [model.id];
      if (isMerge(type) ? parents.length < 2 : datasets.length === 0) continue;
      const action = canonicalAction({
        type,
        models: parents,
        datasets: isMerge(type) ? [] : [rng.pick(datasets)],
        setting: view.space.sampleSetting(type, rng),
        seed: 0,
        fidelity: view.plan.fidelity,
      });
      if (view.space.check(action).valid) return action;
    }
    return null;
  }

  #parents(model: PoolModel, others: readonly PoolModel[], isPair: boolean, rng: Rng): string[] {
    const count = isPair ? 1 : 1 + rng.below(this.#config.merge_parents - 1);
    const mates = rng.shuffle(others.filter((other) => other.id !== model.id)).slice(0, count);
    return [model.id, ...mates.map((mate) => mate.id)];
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
