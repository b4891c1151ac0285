import { actionTypes } from "../../action/action-types.ts";
import { type ActionTypeName, isMerge, type Setting } from "../../action/action.ts";
import { Bans } from "../../action/bans.ts";
import { baseOf } from "../../action/types/merging.ts";
import type { PolicyView } from "../policy.ts";
import type { ArrowVector } from "./arrow-regression.ts";
import { type Beliefs, predictChange } from "./beliefs.ts";
import type { EffectModel } from "./effect-model.ts";
import { type MergeKind, mergeFeatures, type MergeTypes, mergeWeights } from "./merge-features.ts";
import type { ModelState } from "./model-state.ts";
import { leaders } from "./parents.ts";

/** What a merge of two models changes of one task, from their mean: constant + spread · |difference| + height · (mean − base). */
interface MergeTerms {
  constant: number;
  spread: number;
  height: number;
}

/** A merge at equal weights that a rollout may go on with. */
export interface MergeStep {
  type: ActionTypeName;
  /** The other parent; null = the model that the rollout's candidate starts from. */
  mate: ModelState | null;
  /** Whether a base can be a parent: its task vector is zero. */
  takesBases: boolean;
  /** Base that both parents come from: merging takes one. */
  base: string;
  /** That base's scores by task. */
  baseScores: Float64Array;
  /** By task. */
  terms: readonly MergeTerms[];
}

/** Other parents beside the best of each task and the candidate's own parent. */
const mostMates = 2;

export interface MergeStepsInput {
  view: PolicyView;
  model: EffectModel;
  beliefs: Beliefs;
  aggregate(id: string): number;
}

/** Merges with the leaders, and with what the candidate was made of: the first setting with equal weights of each merge type. */
export function mergeSteps({ view, model, beliefs, aggregate }: MergeStepsInput): MergeStep[] {
  const bans = new Bans(view.directives);
  const usable = view.models.filter(({ id }) => view.scores.has(id));
  const mates = leaders(usable, view, mostMates, aggregate);
  const bases = new Set(mates.flatMap((mate) => baseOf(mate) ?? []));
  return view.space.types.flatMap((type) => {
    // A lineage takes DARE once: whether the candidate's has it is not looked at here.
    const isUsable = isMerge(type) && type !== "merge_dare_ties" && bans.ofType(type) === null;
    const setting = isUsable ? view.space.settings(type).find(isEven) : undefined;
    if (setting === undefined) return [];
    const kind = { type, setting, weights: mergeWeights(setting, 2) };
    const terms = view.tasks.map((_, t) => termsOf(model.layout.mergeTypes, kind, beliefs.merging[t]));
    const canBeParent = (id: string) => {
      const parent = view.modelsById.get(id);
      return parent !== undefined && (actionTypes[type].parentGroup?.(parent) ?? null) !== null;
    };
    const stepOf = (base: string, mate: ModelState | null): MergeStep => ({
      type,
      mate,
      takesBases: canBeParent(base),
      base,
      baseScores: model.state(base, view).scores,
      terms,
    });
    const withMates = mates.flatMap((mate) => {
      const base = baseOf(mate);
      const isParent = base !== null && canBeParent(mate.id) && bans.ofObject(type, mate) === null;
      return isParent ? [stepOf(base, model.state(mate.id, view))] : [];
    });
    return [...[...bases].map((base) => stepOf(base, null)), ...withMates];
  });
}

/** Whether two parents count alike under a setting. */
function isEven(setting: Setting): boolean {
  const { weights } = setting;
  const [first, second] = mergeWeights(setting, 2);
  return (!Array.isArray(weights) || weights.length === 2) && first === second;
}

/** The features of a merge of two at equal weights are linear in these three. */
function termsOf(types: MergeTypes, kind: MergeKind, weights: ArrowVector | undefined): MergeTerms {
  const at = (a: number, b: number) =>
    predictChange(weights, { group: null, pooled: mergeFeatures(types, kind, Float64Array.of(a, b), 0), own: new Float64Array() });
  const constant = at(0, 0);
  return { constant, spread: at(0.5, -0.5) - constant, height: at(1, 1) - constant };
}

/** Predicted scores of the merge of a model with a step's other parent. */
export function mergedScores({ terms, baseScores }: MergeStep, own: Float64Array, mate: Float64Array, into: Float64Array): Float64Array {
  for (let t = 0; t < own.length; t++) {
    const [a, b] = [own[t] ?? 0, mate[t] ?? 0];
    const mean = (a + b) / 2;
    const { constant = 0, spread = 0, height = 0 } = terms[t] ?? {};
    const score = mean + constant + spread * Math.abs(a - b) + height * (mean - (baseScores[t] ?? 0));
    into[t] = score < 0 ? 0 : score > 1 ? 1 : score;
  }
  return into;
}
