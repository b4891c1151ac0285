/** Names of the action types, as they stand in `temper.yaml`, in keys, prompts and the database. */
export const actionTypeNames = [
  "sft",
  "dpo",
  "kto",
  "orpo",
  "merge_linear",
  "merge_task_arithmetic",
  "merge_ties",
  "merge_dare_ties",
  "merge_slerp",
] as const;

export type ActionTypeName = (typeof actionTypeNames)[number];

/** The value of one hyper-parameter. Lists are merge weights, one per parent. */
export type SettingValue = number | string | boolean | null | number[];

/** A fully resolved setting: every hyper-parameter of the action type, none left to a default. Names follow TRL, PEFT and mergekit. */
export type Setting = Readonly<Record<string, SettingValue>>;

/** How much of the full action is done: fractions of the data and of the steps, in (0, 1]. */
export interface Fidelity {
  data: number;
  steps: number;
}

export const fullFidelity: Fidelity = { data: 1, steps: 1 };

/** Whether all of the data and of the steps are used. */
export function isFull({ fidelity }: { fidelity: Fidelity }): boolean {
  return fidelity.data === 1 && fidelity.steps === 1;
}

/**
 * A way to make one model. `models` and `datasets` are object ids of the run's pool, in the order of the
 * action type's slots; unordered slots are sorted (see `canonicalAction`), so equal actions are equal JSON.
 */
export interface Action {
  type: ActionTypeName;
  models: string[];
  datasets: string[];
  setting: Setting;
  /** Training seed; 0 unless noise is being measured. */
  seed: number;
  fidelity: Fidelity;
}

/** True for every way of making a model from models alone, without training. */
export function isMerge(type: ActionTypeName): boolean {
  return type.startsWith("merge_");
}

/** True for the action types that learn from preference data. */
export function isPreference(type: ActionTypeName): boolean {
  return type === "dpo" || type === "kto" || type === "orpo";
}

/** Groups of action types that a person's wish may name in place of one type. */
export const actionTypeGroups = ["merge", "preference"] as const;

/** Whether an action type is the one that a directive names, or belongs to the group that it names. */
export function isOfType(type: ActionTypeName, named: string): boolean {
  return type === named || (named === "merge" && isMerge(type)) || (named === "preference" && isPreference(type));
}
