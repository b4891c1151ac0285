import type { Effect } from "#src/memory/memory.ts";
import type { Measured } from "#src/score/evaluation.ts";

/** A model that the winner is held against. */
export interface SummaryRow {
  /** `base m0`, `SFT on all data, 4 × the steps`. */
  label: string;
  score: Measured;
  /** Winner minus this, paired by item; null where it was not compared. */
  behind: Measured | null;
}

/** What a run found, ready to be told. */
export interface Summary {
  run: string;
  state: string;
  stateReason: string;
  /** Null when nothing was evaluated, or no model may win. */
  best: { model: string; search: Measured; final: Measured | null; pipeline: string[]; broken: string[] } | null;
  /** Why the model with the best search score is not the best one, in words; null when it is. */
  passedOver: string | null;
  rows: SummaryRow[];
  /** Search minus final score of the best; null until `final` was opened. */
  shrinkage: number | null;
  /** The same in words, with intervals. */
  shrinkageText: string | null;
  /** What the run may claim, and what was made again under which seeds before; null until `final` was opened. */
  claim: string | null;
  confirmed: string | null;
  effects: Effect[];
  counts: { chosen: number; other: number; fromCache: number; failed: number };
  deviceSeconds: number;
  usd: number;
  llm: { tokens: number; usd: number };
  device: "cpu" | "cuda";
  /** Approvals that wait. */
  waiting: number;
}
