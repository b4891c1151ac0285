import { type Action, type ActionTypeName, isMerge } from "../action/action.ts";
import { canonicalAction } from "../action/canonical-action.ts";
import type { SpaceLimits } from "../action/choice-space.ts";
import { sampleSubset } from "../action/combinations.ts";
import type { PoolModel } from "../pool/objects.ts";
import type { PolicyView } from "./policy.ts";
import { drawsWithPreference, hasPreferences, mostPreferred } from "./preferred.ts";
import type { Rng } from "./rng.ts";
import { trainingGroups } from "./training-groups.ts";

export interface DrawInput {
  model: PoolModel;
  /** Models that a merge's other parents come from. */
  mates: readonly PoolModel[];
  view: PolicyView;
  limits: SpaceLimits;
}

/** Draws on one model before it counts as having nothing left. */
const attempts = 40;

/** An untried action that builds on the model: type first, then the rest at random. Null when none was found. */
export function drawOnModel({ model, mates, view, limits }: DrawInput, rng: Rng): Action | null {
  const groups = trainingGroups(view.space);
  const drawn: Action[] = [];
  const wanted = hasPreferences(view.directives) ? drawsWithPreference : 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const type = rng.pick(view.space.types);
    const datasets = groups.filter((group) => group.type === type).map((group) => group.dataset.id);
    const parents = isMerge(type) ? drawParents(model, mates, type === "merge_slerp" ? 2 : limits.merge_parents, rng) : [model.id];
    if (isMerge(type) ? parents.length < 2 : datasets.length === 0) continue;
    const action = canonicalAction({
      type,
      models: parents,
      datasets: isMerge(type) ? [] : drawData(type, datasets, limits, rng),
      setting: view.space.sampleSetting(type, rng),
      seed: 0,
      fidelity: view.plan.fidelity,
    });
    if (view.space.check(action).valid && drawn.push(action) === wanted) break;
  }
  return mostPreferred(drawn, view.directives);
}

/** One dataset, or as often a mixture of each size that the space allows. */
function drawData(type: ActionTypeName, datasets: readonly string[], { mixture_datasets: mixed }: SpaceLimits, rng: Rng): string[] {
  const most = type === "sft" ? Math.min(mixed, datasets.length) : 1;
  return sampleSubset(datasets, 1 + rng.below(most), rng);
}

function drawParents(model: PoolModel, others: readonly PoolModel[], most: number, rng: Rng): string[] {
  const count = most === 2 ? 1 : 1 + rng.below(most - 1);
  const mates = rng.shuffle(others.filter((other) => other.id !== model.id)).slice(0, count);
  return [model.id, ...mates.map((mate) => mate.id)];
}
