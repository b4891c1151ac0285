import type { ActionTypeName, Setting } from "../../action/action.ts";
import type { PoolDataset } from "../../pool/objects.ts";
import type { PolicyView } from "../policy.ts";
import { type TrainingGroup, trainingGroups } from "../training-groups.ts";
import { distinctMergeTypes } from "./merge-features.ts";
import { SettingScale } from "./setting-scale.ts";
import { shortness, type TrainingKind, type TrainingShape } from "./training-features.ts";

/** What a run's regressions are about: its tasks, training groups and merge types, each with its place. */
export class Layout {
  readonly tasks: readonly string[];
  readonly groups: readonly TrainingGroup[];
  readonly mergeTypes: readonly ActionTypeName[];
  readonly shape: TrainingShape;
  readonly #scales = new Map<ActionTypeName, SettingScale>();
  readonly #groupIndex = new Map<string, number>();
  readonly #signature: string;

  constructor(view: PolicyView) {
    this.#signature = signature(view);
    this.tasks = [...view.tasks];
    this.groups = trainingGroups(view.space);
    this.mergeTypes = distinctMergeTypes(view.space.types);
    const { dimensions } = view.space.size();
    const starts = new Map<ActionTypeName, number>();
    let extrasTotal = 0;
    for (const [index, { type, dataset }] of this.groups.entries()) {
      this.#groupIndex.set(`${type} ${dataset.id}`, index);
      if (this.#scales.has(type)) continue;
      const scale = new SettingScale(
        view.space,
        type,
        dimensions.filter((dimension) => dimension.actionType === type),
      );
      this.#scales.set(type, scale);
      starts.set(type, extrasTotal);
      extrasTotal += scale.features.length;
    }
    const extras = this.groups.map(({ type }) => ({ start: starts.get(type) ?? 0, count: this.scale(type)?.features.length ?? 0 }));
    this.shape = { tasks: this.tasks.length, groups: this.groups.length, extras, extrasTotal };
  }

  /** Whether regressions of this layout can go on with the view: the same tasks, datasets and types. */
  fits(view: PolicyView): boolean {
    return this.#signature === signature(view);
  }

  group(type: ActionTypeName, dataset: string): number | null {
    return this.#groupIndex.get(`${type} ${dataset}`) ?? null;
  }

  scale(type: ActionTypeName): SettingScale | null {
    return this.#scales.get(type) ?? null;
  }

  /** Length of a training, 1 = the longest setting of its type on the same data. */
  relativeSteps(type: ActionTypeName, setting: Setting, datasets: readonly PoolDataset[], stepsFidelity: number): number {
    return this.scale(type)?.relativeSteps(setting, datasets, stepsFidelity) ?? stepsFidelity;
  }

  /** Where the features of a training come from. */
  kind(group: number, setting: Setting, relativeSteps: number): TrainingKind {
    const type = this.groups[group]?.type;
    const scale = type === undefined ? null : this.scale(type);
    return {
      group,
      shortness: shortness(relativeSteps),
      extras: scale === null ? [] : scale.features.map((feature) => feature.read(setting)),
    };
  }
}

function signature(view: PolicyView): string {
  return JSON.stringify([view.tasks, view.space.types, view.datasets.map((dataset) => dataset.id)]);
}
