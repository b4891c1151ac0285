import type { Measured } from "#src/score/evaluation.ts";

/** What one lane is doing. */
export interface LaneView {
  lane: number;
  trial: number;
  /** `SFT m9 on common, 80 steps`. */
  what: string;
  phase: "waiting" | "starting" | "training" | "merging" | "evaluating";
  done: number | null;
  total: number | null;
  loss: number | null;
}

/** Everything that the progress block shows. */
export interface LiveView {
  lanes: LaneView[];
  best: { model: string; measured: Measured } | null;
  base: { model: string; mean: number } | null;
  sftAll: number | null;
  /** Chosen trials, or baselines while those are measured. */
  stage: "baselines" | "trials";
  done: number;
  total: number;
  secondsLeft: number | null;
  waitingApprovals: number;
}
