import type { Action } from "../action/action.ts";
import type { Effect } from "../memory/memory.ts";
import type { Lineage } from "../pipeline/lineage.ts";
import type { Split } from "../pool/objects.ts";
import type { Measured } from "../score/evaluation.ts";
import type { SearchStanding } from "../service/search-optimism.ts";
import type { Approval, Run } from "../store/store.ts";
import type { ScoreWindow } from "./charts/windows.ts";

/** A model with its aggregate and per-task scores on one split. */
export interface ScoredModel {
  /** `best m27`, `base m0`, `SFT on all data, 4× steps (m9)`. */
  label: string;
  model: string;
  score: Measured;
  tasks: { task: string; score: Measured; lenient: number; majority: number }[];
}

/** A row of the `final` table: the model there, and the paired difference of the winner to it. */
export interface FinalRow extends ScoredModel {
  winnerMinusThis: Measured | null;
}

export interface TrialPoint {
  number: number;
  /** Place among the chosen trials, from 1. */
  order: number;
  action: Action;
  model: string;
  score: number;
  /** The best so far of those that may win; null while there is none. */
  best: number | null;
}

/** Everything that a report shows. Every number carries what it was measured on. */
export interface ReportFacts {
  run: Run;
  /** `search split, 600 items (math 200, trivia 200, common 200), training seed 0`. */
  basis: string;
  best: ScoredModel | null;
  /** Why the model with the best score is not the best one, in words; null when it is. */
  passedOver: string | null;
  base: ScoredModel | null;
  /** Best of each baseline, best first. */
  baselines: ScoredModel[];
  points: TrialPoint[];
  windows: ScoreWindow[];
  noiseFloor: number | null;
  /** Tasks that gave every model the same score. */
  constantTasks: string[];
  /** The `final` split; empty until it was opened. */
  final: FinalRow[];
  /** The winner's search score against its final one, in words, or null until `final` was opened. */
  shrinkage: string | null;
  openings: string[];
  /** The run's models on `search`, and by how much the best score there is expected to be too high. */
  standing: SearchStanding;
  /** What was confirmed over fresh training seeds, and what the run may claim; null until `finalize`. */
  confirmed: string | null;
  claim: string | null;
  /** Candidates that were confirmed, and those of them ahead of the strongest baseline there; null where that is not on record. */
  confirmCounts: { selected: number; retained: number } | null;
  /** Top-1, Top-2, Top-3 of different lineages (paper, Fig. 3); the winner, else the best model, is first. */
  top: { scored: ScoredModel; lineage: Lineage; recipe: string }[];
  effects: Effect[];
  experience: string;
  directions: string;
  failures: { trial: number; what: string; reason: string; detail: string }[];
  notLearnt: number[];
  approvals: Approval[];
  counts: { chosen: number; chosenFromCache: number; other: number; failed: number };
  cost: { deviceSeconds: number; usd: number; llmTokens: number; llmUsd: number; steps: number };
  splitsUsed: Split[];
  /** What of each dataset stands in splits of tasks, in words; null = nothing, left out = it was not looked for. */
  overlaps: { dataset: string; text: string | null }[];
}
