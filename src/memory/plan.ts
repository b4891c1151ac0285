import type { Fidelity } from "../action/action.ts";

/** What a stretch of the run is for. */
export type Phase = "baselines" | "explore" | "exploit" | "combine" | "confirm" | "stop";

/** The planner's standing answer, renewed every few trials or when people steer. */
export interface Plan {
  version: number;
  phase: Phase;
  /** One or two plain sentences: what this stretch is for and why; cites trial numbers. */
  focus: string;
  /** Task ids that matter most now; empty = all. */
  tasks: string[];
  fidelity: Fidelity;
  /** Decision number after which the planner is asked again. */
  until: number;
  /** `rules` or the LLM's model name. */
  by: string;
}
