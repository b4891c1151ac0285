import type { Action } from "#src/action/action.ts";
import { runConfigSchema, type RunConfig } from "#src/config/run-config.ts";
import type { Proposal } from "#src/policy/policy.ts";
import type { PoolModel, RegisteredTask } from "#src/pool/objects.ts";
import type { Evaluation } from "#src/score/evaluation.ts";
import type { Approval, Decision, Estimate, Job, Run, Store, Trial } from "#src/store/store.ts";

/** Objects for tests, complete and valid; each takes what a test wants to be different. */

export const sampleTime = "2026-01-02T03:04:05.000Z";

export const sampleEstimate: Estimate = {
  deviceHoursP50: 0.5,
  deviceHoursP90: 1,
  usdP50: 1,
  usdP90: 2,
  wallSecondsP90: 3600,
  basis: "a prior",
};

export function sampleConfig(changes: Record<string, unknown> = {}): RunConfig {
  return runConfigSchema.parse({
    name: "three-skills",
    models: { tiny: { path: "models/tiny" } },
    datasets: { gsm8k: { path: "gsm8k.jsonl" }, prefs: { path: "prefs.jsonl" } },
    tasks: { math: { kind: "generate", path: "math.jsonl", verifier: { kind: "exact" } } },
    actions: { sft: {}, dpo: {}, merge_ties: { density: [0.5] } },
    ...changes,
  });
}

export const sampleTask: RegisteredTask = {
  id: "math",
  key: "task-math",
  kind: "generate",
  items: { search: 4, confirm: 4, final: 4 },
  path: "tasks/math",
  maximum: 1,
  majority: { search: 0.25, confirm: 0.25, final: 0.25 },
};

export function sampleRun(changes: Partial<Run> = {}): Run {
  return {
    id: "three-skills.1",
    name: "three-skills",
    state: "running",
    stateReason: "started",
    config: sampleConfig(),
    tasks: [sampleTask],
    seed: 7,
    createdAt: sampleTime,
    endedAt: null,
    finalOpenedAt: null,
    ...changes,
  };
}

export function sampleAction(changes: Partial<Action> = {}): Action {
  return {
    type: "sft",
    models: ["m0"],
    datasets: ["gsm8k"],
    setting: { max_steps: 80, weights: [0.5, 0.5], peft: null },
    seed: 0,
    fidelity: { data: 1, steps: 1 },
    ...changes,
  };
}

export function sampleTrial(
  key: string,
  changes: Partial<Trial> = {},
): Pick<Trial, "runId" | "kind" | "label" | "action" | "key" | "lane"> {
  return { runId: "three-skills.1", kind: "chosen", label: null, action: sampleAction(), key, lane: 0, ...changes };
}

export function sampleModel(id: string, changes: Partial<PoolModel> = {}): PoolModel {
  return {
    kind: "model",
    id,
    name: null,
    key: `key-${id}`,
    parents: ["m0"],
    trial: 1,
    base: "m0",
    depth: 1,
    compatibility: "llama",
    parameters: 147_000,
    path: `models/${id}`,
    form: "full",
    ...changes,
  };
}

export function sampleJob(attempt: string, key: string, changes: Partial<Job> = {}): Job {
  return {
    attempt,
    runId: "three-skills.1",
    trial: null,
    key,
    purpose: "train",
    actionType: "sft",
    state: "created",
    directory: `jobs/${attempt}`,
    outcome: null,
    failure: null,
    work: 6e9,
    estimate: sampleEstimate,
    approvalId: null,
    deviceSeconds: null,
    wallSeconds: null,
    peakMemoryMib: null,
    createdAt: sampleTime,
    endedAt: null,
    ...changes,
  };
}

export function sampleApproval(id: string, key: string, changes: Partial<Approval> = {}): Approval {
  return {
    id,
    runId: "three-skills.1",
    trial: null,
    batch: null,
    key,
    members: [],
    estimate: sampleEstimate,
    why: "up to 1.0 device-hours, over 30.0 device-minutes",
    state: "pending",
    createdAt: sampleTime,
    expiresAt: "2026-01-02T15:04:05.000Z",
    decidedBy: null,
    decidedAt: null,
    reason: null,
    ...changes,
  };
}

export function sampleEvaluation(key: string, changes: Partial<Evaluation> = {}): Evaluation {
  return {
    key,
    modelKey: "key-m1",
    task: "math",
    taskKey: "task-math",
    split: "search",
    items: 4,
    score: 0.5,
    lenient: 0.75,
    majority: 0.25,
    hitTokenLimit: 0,
    empty: 0,
    mostCommonOutput: 0.25,
    medianOutputTokens: 4,
    p90OutputTokens: 6,
    createdAt: sampleTime,
    ...changes,
  };
}

export function sampleOutcomes(evaluationKey: string, strict: readonly number[] = [1, 0, 1, 0]) {
  return { evaluationKey, strict: Float32Array.from(strict), lenient: Float32Array.from([1, 0, 1, 1]) };
}

export function sampleProposal(changes: Partial<Proposal> = {}): Proposal {
  return {
    action: sampleAction(),
    candidates: [{ action: sampleAction(), value: 0.7, prediction: { mean: 0.7, low: 0.6, high: 0.8, tasks: { math: 0.7 } } }],
    candidatesConsidered: 12,
    shownOrder: null,
    mode: "explore",
    reason: "Nothing like it was tried.",
    evidence: [],
    effects: [],
    next: [],
    chosenBy: "lookahead",
    notes: [],
    ...changes,
  };
}

export function sampleDecision(number: number, trial: number): Decision {
  return {
    runId: "three-skills.1",
    number,
    trial,
    policy: "lookahead",
    proposal: sampleProposal(),
    planVersion: 1,
    memoryVersion: null,
    spaceTotal: 1104,
    createdAt: sampleTime,
  };
}

/** Stores a run with one base model and two datasets. */
export async function storeSampleRun(store: Store, changes: Partial<Run> = {}): Promise<Run> {
  const run = sampleRun(changes);
  await store.runs.create(run);
  await store.objects.add(run.id, sampleModel("m0", { name: "tiny", parents: [], trial: null, depth: 0 }));
  for (const id of ["gsm8k", "prefs"]) {
    const format = id === "prefs" ? "preference" : "prompt_completion";
    await store.objects.add(run.id, { kind: "dataset", id, key: `data-${id}`, format, rows: 10, meanTokens: 8, path: `${id}.jsonl` });
  }
  return run;
}
