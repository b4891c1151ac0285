import type { Action } from "../../action/action.ts";
import type { PolicyView } from "../policy.ts";
import type { Rng } from "../rng.ts";
import type { EffectModel } from "./effect-model.ts";

/** Cold start may take this share of the run's chosen trials; with very many datasets the rest is left to the search. */
const shareOfBudget = 1 / 3;

export interface ColdStartInput {
  view: PolicyView;
  model: EffectModel;
  /** Aggregate score of a model of the pool. */
  aggregate(id: string): number;
}

/**
 * The next of: one full SFT of a base on each dataset that no trial has shown alone yet, in random order (policy study,
 * step 5). Baselines and trials under way count as shown. Null when the cold start is over.
 */
export function coldStart({ view, model, aggregate }: ColdStartInput, rng: Rng): Action | null {
  const underWay = view.pending.flatMap(({ action }) => model.probe(action, view) ?? []);
  const shown = new Set([...model.probed, ...underWay]);
  if (shown.size >= shareOfBudget * (view.budget.trialsDone + view.budget.trialsLeft)) return null;
  const bases = view.models.filter((candidate) => candidate.depth === 0 && view.scores.has(candidate.id));
  const ranked = bases.toSorted((a, b) => aggregate(b.id) - aggregate(a.id));
  for (const { type, dataset } of rng.shuffle(model.layout.groups)) {
    if (type !== "sft" || shown.has(dataset.id)) continue;
    const full = model.layout.scale(type)?.full(view.space.settings(type), dataset) ?? [];
    for (const base of ranked) {
      for (const setting of full) {
        const action: Action = { type, models: [base.id], datasets: [dataset.id], setting, seed: 0, fidelity: view.plan.fidelity };
        if (view.space.check(action).valid) return action;
      }
    }
  }
  return null;
}
