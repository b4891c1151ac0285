import type { z } from "zod";
import type { DatasetFormat, PoolModel } from "../pool/objects.ts";
import type { ActionTypeName, Setting } from "./action.ts";

/** A place in an action that an object fills. */
export interface Slot {
  role: "model" | "dataset" | "parents";
  kind: "model" | "dataset";
  /** How many objects the slot takes. */
  min: number;
  max: number;
  /** Dataset slots only: formats that the script can train on. */
  formats?: readonly DatasetFormat[];
  /** Whether the order of the objects matters. */
  ordered: boolean;
}

/** What an action costs, in units that do not depend on the machine; the cost model turns them into device-hours. */
export interface CostFeatures {
  steps: number;
  /** Tokens that go through the model in training, 0 for a merge. */
  tokens: number;
  /** Parameters × tokens, or parameters × parents for a merge: what time grows with. */
  work: number;
}

/** Either fine, or the reason why an action makes no sense, in words for people and prompts. */
export type Validity = { valid: true } | { valid: false; reason: string };

/** A way to make a model. Adding one is a file in `src/action/types` and one in `gpu-scripts`: see `docs/extending.md`. */
export interface ActionType {
  name: ActionTypeName;
  /** `Supervised fine-tuning`: for cards and prompts. */
  title: string;
  script: "sft" | "preference" | "merge";
  /** Raised by hand whenever the script's results change; part of every key. */
  resultVersion: number;
  slots: readonly Slot[];
  /** Fills defaults and refuses unknown or impossible hyper-parameters. */
  settingSchema: z.ZodType<Setting>;
  /** What the slots cannot say: merges need one architecture, TIES a common base, and so on. */
  validate(models: readonly PoolModel[], setting: Setting): Validity;
  /**
   * Merges only: parents of one merge share this, so that the space can be counted; null = can be no parent.
   * `validate` says the same in words.
   */
  parentGroup?: (model: PoolModel) => string | null;
  cost(models: readonly PoolModel[], datasets: readonly { rows: number; meanTokens: number }[], setting: Setting): CostFeatures;
}
