import { isMerge } from "../../action/action.ts";
import type { PolicyView } from "../policy.ts";
import type { ArrowPosterior } from "./arrow-posterior.ts";
import type { ArrowRegression } from "./arrow-regression.ts";
import { predictChange } from "./beliefs.ts";
import type { EffectModel } from "./effect-model.ts";

/** The posteriors of every task, for trainings and for merges. */
export interface Posteriors {
  training: readonly ArrowPosterior[];
  merging: readonly ArrowPosterior[];
}

/** What the finished trials say. */
export function posteriorsOf(model: EffectModel): Posteriors {
  return {
    training: model.training.map((regression) => regression.posterior()),
    merging: model.merging.map((regression) => regression.posterior()),
  };
}

/** The same with trials under way counted as if they came out as expected, so that two lanes do not explore one uncertainty. */
export function posteriorsWithPending(model: EffectModel, view: PolicyView): Posteriors {
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
    for (const fantasy of seen) copy.add(fantasy, predictChange(posterior.mean, fantasy));
    return copy.posterior();
  });
}
