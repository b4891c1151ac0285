import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Rng } from "../policy/rng.ts";
import type { Action, ActionTypeName, Fidelity, Setting } from "./action.ts";
import type { Validity } from "./action-type.ts";

/** A hyper-parameter that is a range, not a list: reported as a dimension and sampled, never counted. */
export interface Dimension {
  actionType: ActionTypeName;
  setting: string;
  min: number;
  max: number;
  scale: "linear" | "log";
}

/** Size of the space now, exactly, over choices (each range counts as one choice). */
export interface SpaceSize {
  total: number;
  byType: Partial<Record<ActionTypeName, number>>;
  dimensions: Dimension[];
}

/**
 * All actions that a pool allows now: no repeats (tried or pending), no incompatible merges, nothing that people
 * banned. Never built whole.
 */
export interface ActionSpace {
  /** Action types of the run, in config order. */
  readonly types: readonly ActionTypeName[];
  /** Most datasets of one SFT. */
  readonly mostDatasets: number;
  /** Fidelities below 1 that a stretch may be planned at. They do not multiply the space. */
  readonly rungs: readonly Fidelity[];
  readonly models: readonly PoolModel[];
  readonly datasets: readonly PoolDataset[];
  /**
   * Choices of an action type's settings; ranges are represented by their geometric or arithmetic middle.
   * @param datasets of a training; 1 = those of a training on one dataset, where nothing weighs datasets against each other.
   */
  settings(type: ActionTypeName, datasets?: number): readonly Setting[];
  /** A setting with ranges drawn. */
  sampleSetting(type: ActionTypeName, rng: Rng, datasets?: number): Setting;
  size(): SpaceSize;
  /** Every action over choices, lazily, in a fixed order. */
  iterate(type?: ActionTypeName): Iterable<Action>;
  /** Uniform over the type's actions; null when none is left. */
  sample(type: ActionTypeName, rng: Rng): Action | null;
  /** Whether this action may be proposed now, or why not. */
  check(action: Action): Validity;
}
