import type { Action, ActionTypeName } from "../action/action.ts";
import type { RunConfig } from "../config/run-config.ts";
import type { Directive, DirectiveBody } from "../memory/directive.ts";
import type { MemoryVersion } from "../memory/memory.ts";
import type { Plan } from "../memory/plan.ts";
import type { Proposal } from "../policy/policy.ts";
import type { Overlap } from "../pool/overlap.ts";
import type { PoolDataset, PoolModel, PoolObject, RegisteredTask, Split } from "../pool/objects.ts";
import type { Evaluation, EvaluationResult, ItemOutcomes } from "../score/evaluation.ts";
import type { Changes } from "./changes.ts";
import type { ConductorStore } from "./conductors.ts";
import type { MessageStore } from "./messages.ts";
import type { PinStore } from "./pins.ts";
import type { ApprovalVoteStore } from "./approval-votes.ts";
import type { ProposalStore } from "./proposals.ts";
import type { StandingApprovalStore } from "./standing-approvals.ts";

/** ISO 8601 in UTC. */
export type Timestamp = string;

export type RunState = "running" | "paused" | "stopping" | "stopped" | "finished" | "failed";

export interface Run {
  id: string;
  name: string;
  state: RunState;
  /** Why it is in this state, for people. */
  stateReason: string;
  config: RunConfig;
  tasks: RegisteredTask[];
  seed: number;
  createdAt: Timestamp;
  endedAt: Timestamp | null;
  /** When `final` was opened, or null; every opening is also an event. */
  finalOpenedAt: Timestamp | null;
}

/** `chosen` counts against `budget.trials` when it started a job; every other kind is shown apart. */
export type TrialKind = "chosen" | "baseline" | "repeat" | "confirm" | "replay";

/** `selected` → (`waiting` for people →) `running` → `done` | `failed`; `skipped` when people said no or nobody answered. */
export type TrialState = "selected" | "waiting" | "running" | "done" | "failed" | "skipped";

export interface Trial {
  runId: string;
  /** From 1, over all kinds. */
  number: number;
  kind: TrialKind;
  /** `sft_all`, `ties_grid`, … for baselines; null for chosen trials. */
  label: string | null;
  state: TrialState;
  action: Action;
  /** Action key. No run has two trials with one key. */
  key: string;
  lane: number | null;
  /** The model that was made. */
  model: string | null;
  failure: string | null;
  detail: string | null;
  /** Answered from what was known: no job was started. */
  fromCache: boolean;
  /** Did-it-learn: null until checked. */
  learnt: boolean | null;
  steps: number;
  deviceSeconds: number;
  createdAt: Timestamp;
  startedAt: Timestamp | null;
  endedAt: Timestamp | null;
}

/** The stored record of one proposal: a `Proposal` with what stood around it. */
export interface Decision {
  runId: string;
  /** From 1; each decision's random stream comes from (run seed, this number). */
  number: number;
  trial: number;
  policy: string;
  proposal: Proposal;
  planVersion: number;
  memoryVersion: number | null;
  /** Exact size of the action space then. */
  spaceTotal: number;
  createdAt: Timestamp;
}

export interface Estimate {
  deviceHoursP50: number;
  deviceHoursP90: number;
  usdP50: number;
  usdP90: number;
  wallSecondsP90: number;
  /** What the estimate rests on, for people: `12 finished sft jobs` or `a prior`. */
  basis: string;
}

export type ApprovalState = "pending" | "approved" | "rejected" | "expired" | "cancelled";

export interface Approval {
  id: string;
  runId: string;
  /** The trial, or null for a named batch. */
  trial: number | null;
  /** `baselines`, `finalize`, `replay`; null for a trial. */
  batch: string | null;
  /** Action key, or hash over the batch's keys: what exactly is approved. */
  key: string;
  /** Keys of a batch's actions and models, as they were shown: the approval holds for these and no others. Empty for a trial. */
  members: readonly string[];
  estimate: Estimate;
  /** Why people are asked. */
  why: string;
  state: ApprovalState;
  createdAt: Timestamp;
  expiresAt: Timestamp;
  decidedBy: string | null;
  decidedAt: Timestamp | null;
  reason: string | null;
}

export type JobState = "created" | "submitted" | "finished" | "cancelled";

/** `canary` = a training at the smallest fidelity, before the real one; `remake` = of a model whose weights were removed. */
export type JobPurpose = "train" | "evaluate" | "canary" | "remake";

/** A try at a job; one row an attempt. */
export interface Job {
  /** `<key prefix>-<n>`: also directory name and engine id. */
  attempt: string;
  runId: string;
  trial: number | null;
  /** What is made: an action key or an evaluation key. At most one live job has it, over all runs. */
  key: string;
  purpose: JobPurpose;
  actionType: ActionTypeName | "evaluate";
  state: JobState;
  directory: string;
  /** The runner's outcome or `lost`; null while live. */
  outcome: string | null;
  /** The failing reply's reason; null when it succeeded. */
  failure: string | null;
  /** Cost-model features and outcome. */
  work: number;
  estimate: Estimate;
  approvalId: string | null;
  deviceSeconds: number | null;
  wallSeconds: number | null;
  peakMemoryMib: number | null;
  createdAt: Timestamp;
  endedAt: Timestamp | null;
}

export interface TemperEvent {
  id: number;
  runId: string | null;
  time: Timestamp;
  /** noun-action: `trial-start`, `approval-decide`, `llm-fault`. */
  kind: string;
  /** A person, `conductor`, `policy`, … */
  actor: string;
  trial: number | null;
  /** One sentence for people. */
  text: string;
  fields: Record<string, unknown>;
}

export interface LlmCall {
  runId: string;
  trial: number | null;
  role: "planner" | "selector-type" | "selector-objects" | "reflector" | "chat";
  model: string;
  outcome: "ok" | "fault";
  /** What went wrong, for faults. */
  detail: string | null;
  inputTokens: number;
  outputTokens: number;
  usd: number;
  latencyMs: number;
  createdAt: Timestamp;
}

export interface Command {
  id: number;
  runId: string;
  kind: "pause" | "resume" | "stop" | "stop-now" | "cancel-trial";
  author: string;
  fields: Record<string, unknown>;
  createdAt: Timestamp;
}

export interface Lease {
  resource: string;
  holder: string;
  expiresAt: number;
}

/** What `trials.finish` writes in one go. */
export type TrialPatch = Partial<
  Pick<
    Trial,
    "state" | "lane" | "model" | "failure" | "detail" | "fromCache" | "learnt" | "steps" | "deviceSeconds" | "startedAt" | "endedAt"
  >
>;

/** How models are ranked: by task key, what one unit of its score adds. */
export interface Ranking {
  split: Split;
  factors: ReadonlyMap<string, number>;
  limit: number;
  /** How many of the best are left out, for the next page. */
  offset?: number;
}

/**
 * Everything that Temper remembers, on SQLite or PostgreSQL. Methods are one statement or one short transaction;
 * `transaction` joins several. Implementations pass `tests/conformance/store.ts`.
 */
export interface Store {
  readonly dialect: "sqlite" | "postgres";
  /** Nested calls join the outer transaction. */
  transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  /** Tells at once of what is stored, where the database can. */
  readonly changes: Changes;

  runs: {
    create(run: Run): Promise<void>;
    /** By id or by name (the latest of that name). */
    find(idOrName: string): Promise<Run | null>;
    list(): Promise<Run[]>;
    /** True when the run was in one of `from`. */
    setState(id: string, from: readonly RunState[], to: RunState, reason: string): Promise<boolean>;
    /** Replaces what may change while a run goes on: weights, budget, approval thresholds; with `tasks`, those that joined, too. */
    setConfig(id: string, config: RunConfig, tasks?: readonly RegisteredTask[]): Promise<void>;
    /** True for the first opening only. */
    openFinal(id: string): Promise<boolean>;
  };

  objects: {
    add(runId: string, object: PoolObject): Promise<void>;
    /** Model or dataset by id. */
    find(runId: string, id: string): Promise<PoolObject | null>;
    models(runId: string): Promise<PoolModel[]>;
    datasets(runId: string): Promise<PoolDataset[]>;
    /** Notes what of a dataset stands in tasks that joined after it. */
    addOverlap(runId: string, dataset: string, overlap: Overlap): Promise<void>;
  };

  trials: {
    /**
     * Claims the key and gives the next number. Null when the run has a trial with this key already:
     * two lanes never take one action.
     */
    create(trial: Pick<Trial, "runId" | "kind" | "label" | "action" | "key" | "lane">): Promise<Trial | null>;
    find(runId: string, number: number): Promise<Trial | null>;
    findKey(runId: string, key: string): Promise<Trial | null>;
    /** In order of number; `from` is the first number wanted. */
    list(runId: string, from?: number): Promise<Trial[]>;
    /** In order of number. Meant for kinds that are few: baselines, repeats, confirmations. */
    ofKind(runId: string, kind: TrialKind): Promise<Trial[]>;
    /** Trials that are neither done, failed nor skipped. */
    live(runId: string): Promise<Trial[]>;
    /** Live chosen trials that have neither a job nor a result yet. */
    countWithoutJob(runId: string): Promise<number>;
    /** Optimiser steps that the run's chosen trials did for jobs of their own; answers from the cache cost nothing. */
    chosenSteps(runId: string): Promise<number>;
    update(runId: string, number: number, patch: TrialPatch): Promise<void>;
    /** A person changed what a waiting trial will do. */
    replaceAction(runId: string, number: number, action: Action, key: string): Promise<void>;
    /** Chosen trials that started a job, and others, by kind. Constant time in the number of trials. */
    counts(runId: string): Promise<{ chosen: number; chosenFromCache: number; other: number; failed: number; live: number }>;
  };

  decisions: {
    add(decision: Decision): Promise<void>;
    ofTrial(runId: string, trial: number): Promise<Decision | null>;
    list(runId: string): Promise<Decision[]>;
    count(runId: string): Promise<number>;
  };

  evaluations: {
    find(key: string): Promise<Evaluation | null>;
    /** Keeps what is there when the key is known. */
    put(evaluation: Evaluation, outcomes: ItemOutcomes): Promise<void>;
    /** The same for several, which differ in model, split or task. */
    putAll(results: readonly EvaluationResult[]): Promise<void>;
    ofModels(modelKeys: readonly string[], split: Split): Promise<Evaluation[]>;
    /**
     * Models of a run that have a result for every task given, best first, by Σ factor × score; of equals the earlier
     * one. One query, also with 10,000 models.
     */
    ranking(runId: string, ranking: Ranking): Promise<{ model: string; value: number }[]>;
    outcomes(key: string): Promise<ItemOutcomes | null>;
    /** Of several, in any order; those that are not there are left out. */
    outcomesOf(keys: readonly string[]): Promise<ItemOutcomes[]>;
  };

  memories: {
    add(runId: string, memory: MemoryVersion): Promise<void>;
    latest(runId: string): Promise<MemoryVersion | null>;
    /** Of the latest; 0 when there is none. Cheap, where a whole memory is some KB. */
    latestVersion(runId: string): Promise<number>;
    find(runId: string, version: number): Promise<MemoryVersion | null>;
  };

  plans: {
    add(runId: string, plan: Plan): Promise<void>;
    latest(runId: string): Promise<Plan | null>;
    list(runId: string): Promise<Plan[]>;
  };

  directives: {
    add(runId: string, directive: { author: string; text: string; body: DirectiveBody }): Promise<Directive>;
    /** Also revoked ones. */
    list(runId: string): Promise<Directive[]>;
    revoke(runId: string, id: number): Promise<boolean>;
  };

  approvals: {
    create(approval: Approval): Promise<void>;
    find(id: string): Promise<Approval | null>;
    /** Of a trial: the latest. */
    ofTrial(runId: string, trial: number): Promise<Approval | null>;
    /** Of a batch: the latest that lists all of these keys; null when none does. */
    listing(runId: string, batch: string, keys: readonly string[]): Promise<Approval | null>;
    /** Of a batch, whatever it lists: the latest. */
    latestOfBatch(runId: string, batch: string): Promise<Approval | null>;
    /** The same for several batches; those that nobody asked about are left out. */
    latestOfBatches(runId: string, batches: readonly string[]): Promise<Approval[]>;
    /** The open question about this key; there is at most one. */
    pendingOfKey(runId: string, key: string): Promise<Approval | null>;
    count(runId: string): Promise<number>;
    list(runId: string, state?: ApprovalState): Promise<Approval[]>;
    /**
     * `UPDATE … WHERE state = 'pending' AND key = … RETURNING`: the row when this call decided it, else null. Nobody says
     * yes or no after the time is up, whether or not the conductor was there to end the question.
     */
    decide(id: string, key: string, to: Exclude<ApprovalState, "pending">, by: string, reason: string | null): Promise<Approval | null>;
  };

  jobs: {
    /** Null when a live job with this key exists. */
    create(job: Job): Promise<Job | null>;
    find(attempt: string): Promise<Job | null>;
    ofTrial(runId: string, trial: number): Promise<Job[]>;
    /** All attempts of a key, oldest first. */
    ofKey(key: string): Promise<Job[]>;
    live(): Promise<Job[]>;
    update(
      attempt: string,
      patch: Partial<Pick<Job, "state" | "outcome" | "failure" | "deviceSeconds" | "wallSeconds" | "peakMemoryMib" | "endedAt">>,
    ): Promise<void>;
    /** Finished, successful jobs, latest first: what the cost model learns from. */
    finished(limit: number): Promise<Job[]>;
    /** Device seconds of all jobs of a run, live ones by their p90. */
    spent(runId: string): Promise<{ deviceSeconds: number; reservedDeviceSeconds: number }>;
    /** The same over the jobs that one approval allowed. */
    spentOnApproval(approvalId: string): Promise<{ deviceSeconds: number; reservedDeviceSeconds: number }>;
  };

  devices: {
    /** Makes the rows of a host equal to `count` slots of a kind. */
    ensure(host: string, kind: "cpu" | "cuda", count: number): Promise<void>;
    /** Claims `count` free slots for an attempt in one statement; null when fewer are free. Idempotent by attempt. */
    claim(host: string, kind: "cpu" | "cuda", count: number, attempt: string): Promise<number[] | null>;
    release(attempt: string): Promise<void>;
    /** Attempts that hold slots on this host. */
    held(host: string): Promise<{ index: number; attempt: string }[]>;
    /** Slots of every host, by kind. */
    count(): Promise<{ host: string; kind: "cpu" | "cuda"; total: number; held: number }[]>;
  };

  leases: {
    /** True when free, expired or already ours. */
    acquire(resource: string, holder: string, ttlMs: number, nowMs: number): Promise<boolean>;
    release(resource: string, holder: string): Promise<void>;
    /** Renews all leases of a holder; returns how many. */
    renew(holder: string, ttlMs: number, nowMs: number): Promise<number>;
    find(resource: string): Promise<Lease | null>;
    /** Live leases whose resource starts with this. */
    list(prefix: string, nowMs: number): Promise<Lease[]>;
  };

  commands: {
    add(command: Omit<Command, "id" | "createdAt">): Promise<void>;
    /** Takes all commands that nobody took yet. */
    take(runId: string): Promise<Command[]>;
  };

  events: {
    append(event: Omit<TemperEvent, "id" | "time">): Promise<void>;
    list(runId: string, afterId?: number, limit?: number): Promise<TemperEvent[]>;
  };

  llmCalls: {
    add(call: LlmCall): Promise<void>;
    totals(runId: string): Promise<{ calls: number; faults: number; inputTokens: number; outputTokens: number; usd: number }>;
  };

  messages: MessageStore;
  pins: PinStore;
  proposals: ProposalStore;
  approvalVotes: ApprovalVoteStore;
  standingApprovals: StandingApprovalStore;

  conductors: ConductorStore;
}
