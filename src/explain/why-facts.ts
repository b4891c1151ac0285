import type { Action } from "../action/action.ts";
import type { Lineage } from "../pipeline/lineage.ts";
import type { EffectUsed, Prediction, Proposal } from "../policy/policy.ts";
import type { Measured } from "../score/evaluation.ts";
import type { ApprovalState, TrialKind, TrialState } from "../store/store.ts";

/** An action that stood beside the chosen one. */
export interface Alternative {
  phrase: string;
  prediction: Prediction | null;
  /** Whether its predicted interval and that of the chosen action overlap; null without predictions. */
  overlaps: boolean | null;
}

/** A finished trial that a decision rests on. */
export interface EvidenceTrial {
  number: number;
  phrase: string;
  model: string | null;
  /** Aggregate on `search`; null when it failed or was not evaluated in full. */
  score: number | null;
}

/** What is on record of the choice of an action. */
export interface DecisionFacts {
  number: number;
  policy: string;
  chosenBy: string;
  mode: Proposal["mode"];
  reason: string;
  prediction: Prediction | null;
  /** What else stood there, best first. */
  alternatives: Alternative[];
  considered: number;
  spaceTotal: number;
  evidence: EvidenceTrial[];
  effects: EffectUsed[];
  memory: { version: number; trial: number; experience: string; directions: string } | null;
  plan: { version: number; phase: string; focus: string } | null;
  notes: string[];
}

export interface ApprovalFacts {
  state: ApprovalState | "not-needed";
  by: string | null;
  at: string | null;
  reason: string | null;
  why: string | null;
  /** p90 of the estimate that was approved or let through. */
  deviceHoursP90: number | null;
}

export interface OutcomeFacts {
  state: TrialState;
  failure: string | null;
  detail: string | null;
  score: Measured | null;
  /** The better parent by aggregate, and the paired difference to it. */
  parent: string | null;
  difference: Measured | null;
  /** Paired differences by task. */
  tasks: { task: string; difference: Measured }[];
  /** Whether the score lies in the predicted interval; null without both. */
  predictionHeld: boolean | null;
  learnt: boolean | null;
  fromCache: boolean;
}

/** Everything on record behind "why": facts only, with the trials they rest on. */
export interface WhyFacts {
  run: { id: string; name: string };
  model: string | null;
  /** The config's name, for a base. */
  baseName: string | null;
  trial: number | null;
  kind: TrialKind | null;
  label: string | null;
  action: Action | null;
  phrase: string | null;
  decision: DecisionFacts | null;
  approval: ApprovalFacts | null;
  outcome: OutcomeFacts | null;
  lineage: Lineage | null;
  /** Datasets of its lineage whose rows stand in a split of a task, in words. */
  overlaps: { dataset: string; text: string }[];
  /** Records that should be there and are not, said plainly. */
  missing: string[];
}
