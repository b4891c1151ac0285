import type { PolicyView } from "../policy.ts";
import type { Rng } from "../rng.ts";
import type { ArrowPosterior } from "./arrow-posterior.ts";
import type { ArrowRegression } from "./arrow-regression.ts";
import { type Beliefs, predictChange } from "./beliefs.ts";
import type { ActionFamily, EffectModel } from "./effect-model.ts";

/** The posteriors of every task, for trainings on one dataset, merges, and trainings on several datasets. */
export type Posteriors = Readonly<Record<ActionFamily, readonly ArrowPosterior[]>>;

/** What the finished trials say. */
export function posteriorsOf({ regressions }: EffectModel): Posteriors {
  const posteriors = (family: ActionFamily) => regressions[family].map((regression) => regression.posterior());
  return { training: posteriors("training"), merging: posteriors("merging"), mixing: posteriors("mixing") };
}

/** The same with trials under way counted as if they came out as expected, so that two lanes do not explore one uncertainty. */
export function posteriorsWithPending(model: EffectModel, view: PolicyView): Posteriors {
  const posteriors = (family: ActionFamily) => conditioned(model.regressions[family], model, view, family);
  return { training: posteriors("training"), merging: posteriors("merging"), mixing: posteriors("mixing") };
}

/** The means, or a Thompson draw of so much width. */
export function beliefsOf(posteriors: Posteriors, draw: { rng: Rng; width: number } | null): Beliefs {
  const weights = (family: ActionFamily) =>
    posteriors[family].map((posterior) => (draw === null ? posterior.mean : posterior.draw(draw.rng, draw.width)));
  return { training: weights("training"), merging: weights("merging"), mixing: weights("mixing") };
}

function conditioned(
  regressions: readonly ArrowRegression[],
  model: EffectModel,
  view: PolicyView,
  family: ActionFamily,
): ArrowPosterior[] {
  const pending = view.pending
    .filter(({ action }) => model.familyOf(action) === family)
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
