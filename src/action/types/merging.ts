import type { PoolModel } from "../../pool/objects.ts";
import type { CostFeatures, Slot, Validity } from "../action-type.ts";
import type { Setting } from "../action.ts";

/** Slot of a merge of any number of parents whose order does not matter (weights travel with their parents). */
export const unorderedParents: readonly Slot[] = [{ role: "parents", kind: "model", min: 2, max: 8, ordered: false }];

/** Slot of a merge from one parent to another. */
export const orderedPair: readonly Slot[] = [{ role: "parents", kind: "model", min: 2, max: 2, ordered: true }];

/** Models of one architecture and vocabulary can be averaged. */
export function compatibilityGroup(model: PoolModel): string {
  return model.compatibility;
}

/** Id of the base that a model's ancestors share: a base is its own. */
export function baseOf(model: PoolModel): string | null {
  return model.parents.length === 0 ? model.id : model.base;
}

/** Task vectors are differences to one base, so parents must share it, and the base itself (a zero vector) is no parent. */
export function taskVectorGroup(model: PoolModel): string | null {
  const base = baseOf(model);
  return base === null || base === model.id ? null : `${model.compatibility}|${base}`;
}

/** Cost of a merge: work = parameters × parents. */
export function mergeCost(models: readonly PoolModel[]): CostFeatures {
  return { steps: 0, tokens: 0, work: models.reduce((sum, model) => sum + model.parameters, 0) };
}

/** Refuses merges of a model with itself, of unlike models, and weights that do not fit the parents. */
export function validateAverage(models: readonly PoolModel[], setting: Setting): Validity {
  const first = models[0];
  if (first === undefined || models.length < 2) return { valid: false, reason: "a merge needs at least two models" };
  const repeated = models.find((model, index) => models.findIndex((other) => other.id === model.id) !== index);
  if (repeated !== undefined) return { valid: false, reason: `${repeated.id} is there twice: a merge takes different models` };
  const unlike = models.find((model) => model.compatibility !== first.compatibility);
  if (unlike !== undefined) {
    return { valid: false, reason: `${first.id} and ${unlike.id} differ in architecture or tokenizer: merging needs models of one kind` };
  }
  const { weights } = setting;
  if (Array.isArray(weights) && weights.length !== models.length) {
    return { valid: false, reason: `${weights.length} weights for ${models.length} models: give one weight for each, or "equal"` };
  }
  if (Array.isArray(weights) && weights.every((weight) => weight === 0)) return { valid: false, reason: "all weights are 0" };
  return { valid: true };
}

/** `validateAverage`, and one common base that is not among the parents. */
export function validateTaskVectors(models: readonly PoolModel[], setting: Setting): Validity {
  const average = validateAverage(models, setting);
  const first = models[0];
  if (!average.valid || first === undefined) return average;
  const itself = models.find((model) => baseOf(model) === model.id);
  if (itself !== undefined) {
    return { valid: false, reason: `${itself.id} is a base: its task vector is zero, so it is no parent of this merge` };
  }
  const other = models.find((model) => baseOf(model) === null || baseOf(model) !== baseOf(first));
  if (other !== undefined) {
    return { valid: false, reason: `${first.id} and ${other.id} do not come from one base: task vectors need a common one` };
  }
  return { valid: true };
}
