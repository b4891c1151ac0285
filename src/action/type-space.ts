import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import type { Validity } from "./action-type.ts";
import type { Action } from "./action.ts";
import type { SettingSpace } from "./setting-space.ts";

/** One action type's part of the space, before claims: grown by objects that may be used, counted by combinatorics. */
export interface TypeSpace {
  readonly settings: SettingSpace;
  addModel(model: PoolModel): void;
  addDataset(dataset: PoolDataset): void;
  /** Actions over choices. */
  count(): bigint;
  iterate(): Iterable<Action>;
  /** Uniform over what `iterate` gives; only called when `count` is not 0. */
  draw(rng: Rng): Action;
  /** Whether the action has the type's form; objects are known to be usable one by one. */
  checkForm(action: Action, models: readonly PoolModel[]): Validity;
}
