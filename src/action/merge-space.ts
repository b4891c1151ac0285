import type { PoolModel } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import type { ActionType, Slot, Validity } from "./action-type.ts";
import { type Action, fullFidelity } from "./action.ts";
import { binomial, sampleSubset, subsets } from "./combinations.ts";
import { compareIds } from "./compare-ids.ts";
import type { SettingSpace } from "./setting-space.ts";
import type { TypeSpace } from "./type-space.ts";

/** Merges of one number of parents from one group of models that go together. */
interface Stratum {
  group: readonly PoolModel[];
  parents: number;
  count: bigint;
}

/** Merges in the search space: every set of parents within a group × every setting that fits their number. */
export class MergeSpace implements TypeSpace {
  readonly settings: SettingSpace;
  private readonly type: ActionType;
  private readonly slot: Slot;
  private readonly maxParents: number;
  private readonly groups = new Map<string, PoolModel[]>();
  private strata: Stratum[] | null = null;

  constructor(type: ActionType, slot: Slot, settings: SettingSpace, maxParents: number) {
    this.type = type;
    this.slot = slot;
    this.settings = settings;
    this.maxParents = Math.min(slot.max, Math.max(slot.min, maxParents));
  }

  /** Groups stay sorted by id, so that subsets of them are canonical. */
  addModel(model: PoolModel): void {
    const key = this.type.parentGroup?.(model) ?? null;
    if (key === null) return;
    const group = this.groups.get(key) ?? [];
    this.groups.set(key, group);
    let place = group.length;
    for (let before = group[place - 1]; before !== undefined && compareIds(before.id, model.id) > 0; before = group[place - 1]) place--;
    group.splice(place, 0, model);
    this.strata = null;
  }

  addDataset(): void {}

  count(): bigint {
    return this.counted().reduce((sum, stratum) => sum + stratum.count, 0n);
  }

  *iterate(): Iterable<Action> {
    for (const { group, parents } of this.counted()) {
      for (const subset of subsets(group, parents)) {
        for (const order of this.slot.ordered ? orders(subset) : [subset]) {
          for (const setting of this.settings.choicesFor(parents)) yield this.action(order, setting);
        }
      }
    }
  }

  draw(rng: Rng): Action {
    const strata = this.counted();
    let place = rng.uniform() * Number(this.count());
    const stratum = strata.find((candidate) => (place -= Number(candidate.count)) < 0) ?? strata.at(-1);
    if (stratum === undefined) throw new RangeError(`draw from an empty space of ${this.type.name}`);
    const subset = sampleSubset(stratum.group, stratum.parents, rng);
    const models = this.slot.ordered ? rng.shuffle(subset) : subset;
    return this.action(models, rng.pick(this.settings.choicesFor(stratum.parents)));
  }

  checkForm(action: Action, models: readonly PoolModel[]): Validity {
    const { name } = this.type;
    if (action.datasets.length > 0) return { valid: false, reason: `${name} takes no dataset` };
    if (models.length < this.slot.min || models.length > this.maxParents) {
      const wanted = this.slot.min === this.maxParents ? `${this.slot.min}` : `${this.slot.min} to ${this.maxParents}`;
      return { valid: false, reason: `${name} takes ${wanted} models, not ${models.length}` };
    }
    return this.type.validate(models, action.setting);
  }

  private counted(): readonly Stratum[] {
    this.strata ??= [...this.groups.values()].flatMap((group) => this.strataOf(group));
    return this.strata;
  }

  private strataOf(group: readonly PoolModel[]): Stratum[] {
    const strata: Stratum[] = [];
    for (let parents = this.slot.min; parents <= Math.min(this.maxParents, group.length); parents++) {
      const perSet = BigInt(this.settings.choicesFor(parents).length) * (this.slot.ordered ? factorial(parents) : 1n);
      if (perSet > 0n) strata.push({ group, parents, count: binomial(group.length, parents) * perSet });
    }
    return strata;
  }

  private action(models: readonly PoolModel[], setting: Action["setting"]): Action {
    return { type: this.type.name, models: models.map((model) => model.id), datasets: [], setting, seed: 0, fidelity: fullFidelity };
  }
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
