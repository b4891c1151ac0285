import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import type { ActionType, Validity } from "./action-type.ts";
import { type Action, fullFidelity } from "./action.ts";
import type { SettingSpace } from "./setting-space.ts";
import type { TypeSpace } from "./type-space.ts";

/** Trainings in the search space: every model × dataset × setting. */
export class TrainingSpace implements TypeSpace {
  readonly settings: SettingSpace;
  private readonly type: ActionType;
  private readonly models: PoolModel[] = [];
  private readonly datasets: PoolDataset[] = [];

  constructor(type: ActionType, settings: SettingSpace) {
    this.type = type;
    this.settings = settings;
  }

  addModel(model: PoolModel): void {
    this.models.push(model);
  }

  addDataset(dataset: PoolDataset): void {
    if (this.takes(dataset)) this.datasets.push(dataset);
  }

  count(): bigint {
    return BigInt(this.models.length) * BigInt(this.datasets.length) * BigInt(this.settings.choices.length);
  }

  *iterate(): Iterable<Action> {
    for (const model of this.models) {
      for (const dataset of this.datasets) {
        for (const setting of this.settings.choices) yield this.action(model, dataset, setting);
      }
    }
  }

  draw(rng: Rng): Action {
    return this.action(rng.pick(this.models), rng.pick(this.datasets), rng.pick(this.settings.choices));
  }

  checkForm(action: Action, models: readonly PoolModel[]): Validity {
    const { name } = this.type;
    if (action.models.length !== 1) return { valid: false, reason: `${name} takes one model, not ${action.models.length}` };
    if (action.datasets.length !== 1) return { valid: false, reason: `${name} takes one dataset, not ${action.datasets.length}` };
    return this.type.validate(models, action.setting);
  }

  private takes(dataset: PoolDataset): boolean {
    return this.type.slots.some((slot) => slot.kind === "dataset" && (slot.formats?.includes(dataset.format) ?? true));
  }

  private action(model: PoolModel, dataset: PoolDataset, setting: Action["setting"]): Action {
    return { type: this.type.name, models: [model.id], datasets: [dataset.id], setting, seed: 0, fidelity: fullFidelity };
  }
}
