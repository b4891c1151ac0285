import type { Overlap } from "./overlap.ts";

/** TRL's dataset types, after column mapping. `tokens` and `rows` of a dataset are counted at registration. */
export type DatasetFormat = "messages" | "prompt_completion" | "preference" | "unpaired_preference";

/** A model of a run's pool. Bases come from the config; every model made joins under the next neutral id. */
export interface PoolModel {
  kind: "model";
  /** `m0`, `m1`, …: neutral on purpose (the paper saw agents choose by name). */
  id: string;
  /** The config's name for a base; null for a model that was made. */
  name: string | null;
  /** Content hash of a base, action key of a model that was made. */
  key: string;
  parents: string[];
  /** Number of the trial that made it; null for a base. */
  trial: number | null;
  /** Id of the base that all its ancestors share, or null where bases were mixed. Task-vector merges need it. */
  base: string | null;
  /** Number of actions on the longest way back to a base; 0 for a base. */
  depth: number;
  /** Equal for models that can be merged: hash of architecture, tensor shapes and tokenizer. */
  compatibility: string;
  parameters: number;
  /** True where a DARE merge is among its ancestors or made it; left out where none is. */
  hasDare?: true;
  /** Directory in Hugging Face layout; for a LoRA model the adapter's directory. */
  path: string;
  /** `adapter` = PEFT layout on top of its single parent. */
  form: "full" | "adapter";
}

/** A registered dataset: normalised rows with a content hash. */
export interface PoolDataset {
  kind: "dataset";
  /** The config's name, such as `gsm8k`. */
  id: string;
  /** Content hash of the normalised rows. */
  key: string;
  format: DatasetFormat;
  rows: number;
  /** Mean tokens a row, counted with the first base's tokenizer. */
  meanTokens: number;
  /** Normalised JSONL file. */
  path: string;
  /** What of it stands in evaluation splits; left out for runs of before it was looked for. */
  overlap?: Overlap;
  /** The same of tasks that joined later, for each time that some did. */
  laterOverlaps?: Overlap[];
}

export type PoolObject = PoolModel | PoolDataset;

/** Splits of a task's items. `final` is sealed: opened once per run, on record. */
export const splits = ["search", "confirm", "final"] as const;
export type Split = (typeof splits)[number];

/** A registered task. Items of each split stand in normalised JSONL files. */
export interface RegisteredTask {
  /** The config's name. */
  id: string;
  /** Hash of items, verifier and generation settings: part of every evaluation's key. */
  key: string;
  kind: "generate" | "lm_eval";
  /** Items in each split. */
  items: Record<Split, number>;
  /** Directory that holds `<split>.jsonl`. */
  path: string;
  /** The metric's possible maximum; 1 for accuracies. */
  maximum: number;
  /** Share of items that the most common right answer gets, by split. */
  majority: Record<Split, number>;
  /** Set for a task that joined a run which went on. */
  joined?: {
    /** Models of before that are not measured on it, by id: they keep the scores that they have. */
    leftOut: string[];
    /** Trials that were under way then: their jobs know nothing of it, and what they make is measured on it afterwards. */
    trials: number[];
  };
}
