import type { Action, ActionTypeName } from "../action/action.ts";
import type { ActionSpace } from "../action/space.ts";
import type { Directive } from "../memory/directive.ts";
import type { MemoryVersion } from "../memory/memory.ts";
import type { Plan } from "../memory/plan.ts";
import type { PoolDataset, PoolModel } from "../pool/objects.ts";
import type { Rng } from "./rng.ts";

/** A model's mean scores on the `search` split, in [0, 1], by task id. */
export type TaskScores = Readonly<Record<string, number>>;

/** What a policy may know of a finished trial. Only `search` scores: `confirm` and `final` never reach a policy. */
export interface ObservedTrial {
  number: number;
  /** Baselines count as evidence; noise repeats carry another seed. */
  kind: "chosen" | "baseline" | "repeat";
  action: Action;
  /** The model that was made; null when the trial failed. */
  model: string | null;
  /** Scores of that model; null when the trial failed. */
  scores: TaskScores | null;
  failure: string | null;
  /** Optimiser steps done; decisions read cost in steps, never in seconds. */
  steps: number;
}

/** A trial that is under way or waits for people. */
export interface PendingTrial {
  number: number;
  action: Action;
}

/** Everything that a proposal may depend on. Objects grow in place from call to call; policies must not change them. */
export interface PolicyView {
  tasks: readonly string[];
  /** Weight of each task in the aggregate score; sums to 1. */
  weights: TaskScores;
  /** Lowest score that a model may have to win, in [0, 1], for tasks with a floor. */
  floors: TaskScores;
  models: readonly PoolModel[];
  /** The same by id, and with models that are no candidates, such as noise repeats. */
  modelsById: ReadonlyMap<string, PoolModel>;
  datasets: readonly PoolDataset[];
  /** `search` scores of every model in the pool that was evaluated, bases included. */
  scores: ReadonlyMap<string, TaskScores>;
  trials: readonly ObservedTrial[];
  pending: readonly PendingTrial[];
  space: ActionSpace;
  /** Number of this decision in the run, from 1. */
  decision: number;
  plan: Plan;
  memory: MemoryVersion | null;
  directives: readonly Directive[];
  /** What is left and gone of the chosen trials and, where the run caps them, of their training steps. */
  budget: { trialsLeft: number; trialsDone: number; steps: { left: number; done: number } | null };
  /** Scores closer than this are a tie; null until it was measured. */
  noiseFloor: number | null;
}

/** A prediction of an aggregate score with its 95 % interval, on the `search` split. */
export interface Prediction {
  mean: number;
  low: number;
  high: number;
  /** Predicted mean score by task. */
  tasks: TaskScores;
}

/** A measured or estimated effect that a decision rests on. */
export interface EffectUsed {
  name: string;
  mean: number;
  low: number;
  high: number;
  trials: number[];
}

export interface Candidate {
  action: Action;
  /** What the policy ranked by: larger is better; null when it did not rank. */
  value: number | null;
  prediction: Prediction | null;
}

/** One LLM call or fault in the making of a proposal: becomes an event of the run. */
export interface ProposalNote {
  kind: string;
  detail: string;
}

/** A policy's answer. The graph stores it whole as the decision record. */
export interface Proposal {
  action: Action;
  /** The chosen action first, then what else was looked at, best first; at most 20 are kept. */
  candidates: Candidate[];
  /** How many candidates were ranked, also those not kept. */
  candidatesConsidered: number;
  /** Order in which candidates were shown to a chooser (indices into `candidates`), when an order could matter. */
  shownOrder: number[] | null;
  mode: "cold-start" | "explore" | "exploit" | "combine" | "random" | "baseline";
  /** One or two plain sentences that cite trial numbers. */
  reason: string;
  /** Trials that the reason rests on. */
  evidence: number[];
  effects: EffectUsed[];
  /** What is hoped to come after, as actions on the model that would be made. */
  next: { type: ActionTypeName; datasets: string[] }[];
  /** Who chose: the policy's name, or `llm` where a model picked or overrode. */
  chosenBy: string;
  notes: ProposalNote[];
}

/** Proposes the next action. Implementations pass `tests/conformance/policy.ts`. */
export interface Policy {
  readonly name: string;
  /** Called once for every finished trial, in the order they were recorded, also after a restart. */
  observe(trial: ObservedTrial, view: PolicyView): void;
  /**
   * The action must be valid in `view.space`, no repeat and not pending; equal views and rng give equal proposals.
   * @returns null when the space holds no untried action.
   */
  propose(view: PolicyView, rng: Rng, signal?: AbortSignal): Promise<Proposal | null>;
}
