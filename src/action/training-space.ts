import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import type { ActionType, Slot, Validity } from "./action-type.ts";
import { type Action, fullFidelity } from "./action.ts";
import { binomial, sampleSubset, subsets } from "./combinations.ts";
import { compareIds } from "./compare-ids.ts";
import type { SettingSpace } from "./setting-space.ts";
import type { TypeSpace } from "./type-space.ts";

/** Trainings in the search space: every model × dataset, or mixture of datasets, × setting. */
export class TrainingSpace implements TypeSpace {
  readonly settings: SettingSpace;
  private readonly type: ActionType;
  private readonly slot: Slot | undefined;
  private readonly maxDatasets: number;
  private readonly models: PoolModel[] = [];
  private readonly datasets: PoolDataset[] = [];

  /** @param mixtureDatasets most datasets of one training; types that take one dataset only are not concerned. */
  constructor(type: ActionType, settings: SettingSpace, mixtureDatasets: number) {
    this.type = type;
    this.settings = settings;
    this.slot = type.slots.find((slot) => slot.kind === "dataset");
    this.maxDatasets = Math.min(this.slot?.max ?? 1, mixtureDatasets);
  }

  addModel(model: PoolModel): void {
    this.models.push(model);
  }

  /** Datasets stay sorted by id, so that subsets of them are canonical. */
  addDataset(dataset: PoolDataset): void {
    if (this.slot?.formats?.includes(dataset.format) === false) return;
    const after = this.datasets.findIndex((other) => compareIds(other.id, dataset.id) > 0);
    this.datasets.splice(after < 0 ? this.datasets.length : after, 0, dataset);
  }

  count(): bigint {
    return BigInt(this.models.length) * this.sizes().reduce((sum, size) => sum + this.trainings(size), 0n);
  }

  *iterate(): Iterable<Action> {
    for (const model of this.models) {
      for (const size of this.sizes()) {
        for (const mixture of subsets(this.datasets, size)) {
          for (const setting of this.settings.choicesOn(size)) yield this.action(model, mixture, setting);
        }
      }
    }
  }

  draw(rng: Rng): Action {
    let place = rng.uniform() * Number(this.sizes().reduce((sum, size) => sum + this.trainings(size), 0n));
    const size = this.sizes().find((candidate) => (place -= Number(this.trainings(candidate))) < 0) ?? 1;
    return this.action(rng.pick(this.models), sampleSubset(this.datasets, size, rng), rng.pick(this.settings.choicesOn(size)));
  }

  checkForm(action: Action, models: readonly PoolModel[]): Validity {
    const { name } = this.type;
    const { length } = action.datasets;
    if (action.models.length !== 1) return { valid: false, reason: `${name} takes one model, not ${action.models.length}` };
    if (length < 1 || length > this.maxDatasets) {
      const wanted = this.maxDatasets === 1 ? "one dataset" : `1 to ${this.maxDatasets} datasets`;
      return { valid: false, reason: `${name} takes ${wanted}, not ${length}` };
    }
    if (new Set(action.datasets).size < length) return { valid: false, reason: `${name} takes each dataset once` };
    return this.type.validate(models, action.setting);
  }

  private sizes(): number[] {
    return Array.from({ length: Math.min(this.maxDatasets, this.datasets.length) }, (_, index) => index + 1);
  }

  /** Trainings of one model on so many datasets. */
  private trainings(size: number): bigint {
    return binomial(this.datasets.length, size) * BigInt(this.settings.choicesOn(size).length);
  }

  private action(model: PoolModel, mixture: readonly PoolDataset[], setting: Action["setting"]): Action {
    return {
      type: this.type.name,
      models: [model.id],
      datasets: mixture.map((dataset) => dataset.id),
      setting,
      seed: 0,
      fidelity: fullFidelity,
    };
  }
}
