import { type Action, isMerge, type Setting } from "../../action/action.ts";
import { canonicalAction } from "../../action/canonical-action.ts";
import type { PoolModel } from "../../pool/objects.ts";
import type { PolicyView } from "../policy.ts";
import type { Rng } from "../rng.ts";
import type { Layout } from "./layout.ts";
import { chooseParents, leaders } from "./parents.ts";

export interface CandidatesInput {
  view: PolicyView;
  layout: Layout;
  maxDepth: number;
  mostParents: number;
  aggregate(id: string): number;
}

/** A training of the run: one group with one setting. */
export interface TrainingChoice {
  group: number;
  setting: Setting;
  /** Length relative to the longest. */
  relativeSteps: number;
  /** Among the longest on this dataset: rollouts and cold start use these only. */
  isFull: boolean;
  /** Share of the setting's steps that is done: the fidelity of the stretch. */
  fidelitySteps: number;
}

/** About 1,000 candidates in all: 900 trainings and 300 merges at most, as in the study at 40 trials. */
const mostTrainings = 900;
const mostMerges = 300;
const fewestParents = 12;
/** Parents that half of the merges are drawn from, beside the best of each task. */
const mergeLeaders = 8;
/** Draws for each setting when a type has ranges. */
const rangeDraws = 3;

/** Every group with every setting; ranges at their middle and at a few random places. */
export function trainingChoices({ view, layout }: CandidatesInput, rng: Rng): TrainingChoice[] {
  const ranged = new Set(view.space.size().dimensions.map((dimension) => dimension.actionType));
  const settings = new Map(
    view.space.types
      .filter((type) => !isMerge(type))
      .map((type) => {
        const draws = ranged.has(type) ? Array.from({ length: rangeDraws }, () => view.space.sampleSetting(type, rng, 1)) : [];
        return [type, [...view.space.settings(type, 1), ...draws]];
      }),
  );
  return layout.groups.flatMap(({ type, dataset }, group) =>
    (settings.get(type) ?? []).map((setting) => {
      const { steps } = view.plan.fidelity;
      const relativeSteps = layout.relativeSteps(type, setting, [dataset], steps);
      return { group, setting, relativeSteps, isFull: relativeSteps >= 0.999 * steps, fidelitySteps: steps };
    }),
  );
}

/** Trainings of promising parents that the space allows; in a large pool or a large setting space a sample of them. */
export function trainingCandidates(
  input: CandidatesInput,
  choices: readonly TrainingChoice[],
  rng: Rng,
): { action: Action; choice: number }[] {
  const { view, layout } = input;
  if (choices.length === 0) return [];
  const limit = Math.max(fewestParents, Math.floor(mostTrainings / choices.length));
  const parents = chooseParents({ ...input, limit }, rng);
  const each = Math.max(1, Math.ceil(mostTrainings / Math.max(1, parents.length)));
  const indices = choices.map((_, index) => index);
  return parents.flatMap((parent) => {
    const tried = choices.length <= each ? indices : rng.shuffle(indices).slice(0, each);
    return tried.flatMap((index) => {
      const choice = choices[index];
      const group = choice === undefined ? undefined : layout.groups[choice.group];
      if (choice === undefined || group === undefined) return [];
      const action: Action = {
        type: group.type,
        models: [parent.id],
        datasets: [group.dataset.id],
        setting: choice.setting,
        seed: 0,
        fidelity: view.plan.fidelity,
      };
      return view.space.check(action).valid ? [{ action, choice: index }] : [];
    });
  });
}

/** Sampled merges: half of the leaders' and of the best by task, half of any models. */
export function mergeCandidates(input: CandidatesInput, rng: Rng): Action[] {
  const { view, maxDepth } = input;
  const usable = view.models.filter((model) => model.depth < maxDepth && view.scores.has(model.id));
  const pools = [leaders(usable, view, mergeLeaders, input.aggregate), usable];
  const found = new Map<string, Action>();
  for (const pool of pools) {
    for (let draw = 0; draw < mostMerges / pools.length; draw++) {
      const action = drawMerge(input, pool, rng);
      if (action === null) continue;
      const key = JSON.stringify(action);
      if (!found.has(key) && view.space.check(action).valid) found.set(key, action);
    }
  }
  return [...found.values()];
}

function drawMerge({ view, mostParents }: CandidatesInput, pool: readonly PoolModel[], rng: Rng): Action | null {
  const types = view.space.types.filter(isMerge);
  if (types.length === 0 || pool.length < 2) return null;
  const type = rng.pick(types);
  const parents = type === "merge_slerp" ? 2 : Math.min(pool.length, 2 + rng.below(mostParents - 1));
  const models = new Set<string>();
  while (models.size < parents) models.add(rng.pick(pool).id);
  const setting = view.space.sampleSetting(type, rng);
  if (Array.isArray(setting["weights"]) && setting["weights"].length !== parents) return null;
  return canonicalAction({ type, models: [...models], datasets: [], setting, seed: 0, fidelity: view.plan.fidelity });
}
