import { describeAction } from "../action/describe-action.ts";
import { readCaps, type Cap } from "../budget/caps.ts";
import type { Plan } from "../memory/plan.ts";
import { describeConstantTask } from "../score/constant-tasks.ts";
import type { Approval, Run, Store, Timestamp, Trial } from "../store/store.ts";
import { bestModel } from "./best-model.ts";
import { readFinalized } from "./finalized.ts";
import { findRun } from "./find-run.ts";
import { leaderboardRow, type LeaderboardRow } from "./leaderboard.ts";
import { ModelScores } from "./model-scores.ts";
import { describePassedOver } from "./passed-over.ts";
import { readConstantTasks } from "./read-constant-tasks.ts";

/** A trial that is under way. */
export interface LaneStatus {
  lane: number | null;
  trial: number;
  kind: Trial["kind"];
  label: string | null;
  state: Trial["state"];
  /** `SFT of m9 on common, 80 steps`. */
  action: string;
  /** Directory of its live attempt, whose `progress.jsonl` says how far it is; null while no job runs. */
  jobDirectory: string | null;
  startedAt: Timestamp | null;
}

type Scored = Omit<LeaderboardRow, "rank">;

export interface RunStatus {
  run: Pick<Run, "id" | "name" | "state" | "stateReason" | "createdAt" | "endedAt" | "finalOpenedAt">;
  /** Chosen trials that started a job, of `budget.trials`; the others are shown apart. */
  progress: { chosen: number; trials: number; chosenFromCache: number; other: number; failed: number };
  /** The best model that may win, on `search`; null while there is none. */
  best: Scored | null;
  /** Why the model with the best score is not the best one, in words; null when it is, or nothing was evaluated. */
  passedOver: string | null;
  /** The base that the best one comes from. */
  base: Scored | null;
  /** Finished baselines in their order. */
  baselines: Scored[];
  /** What people should check, in sentences: tasks that tell no model from another. */
  warnings: string[];
  /** What the run may claim; null until `finalize`. */
  claim: string | null;
  lanes: LaneStatus[];
  /** Approvals that wait for people. */
  waiting: Approval[];
  /** Null before the first, and once the final split was opened: nothing is left to do then. */
  plan: Plan | null;
  /** What the last trial taught. */
  lesson: string | null;
  /** Device hours used over all jobs, and what live ones may still take. */
  deviceHours: { spent: number; reserved: number };
  /** Limits of the config with what is gone. */
  caps: Cap[];
  llm: { calls: number; faults: number; tokens: number; usd: number };
}

/** Where a run stands: what `status`, `watch` and the bots show. @throws UserInputError when there is no such run. */
export async function runStatus(store: Store, idOrName: string): Promise<RunStatus> {
  const run = await findRun(store, idOrName);
  const { live: _live, ...counts } = await store.trials.counts(run.id);
  const spent = await store.jobs.spent(run.id);
  const llm = await store.llmCalls.totals(run.id);
  const { id, name, state, stateReason, createdAt, endedAt, finalOpenedAt } = run;
  return {
    run: { id, name, state, stateReason, createdAt, endedAt, finalOpenedAt },
    progress: { ...counts, trials: run.config.budget.trials },
    ...(await standings(store, run)),
    warnings: (await readConstantTasks(store, run)).map(describeConstantTask),
    claim: finalOpenedAt === null ? null : readFinalized(await store.events.list(run.id)).claim,
    lanes: await lanes(store, run),
    waiting: await store.approvals.list(run.id, "pending"),
    plan: finalOpenedAt === null ? await store.plans.latest(run.id) : null,
    lesson: (await store.memories.latest(run.id))?.lesson ?? null,
    deviceHours: { spent: spent.deviceSeconds / 3600, reserved: spent.reservedDeviceSeconds / 3600 },
    caps: await readCaps(store, run),
    llm: { calls: llm.calls, faults: llm.faults, tokens: llm.inputTokens + llm.outputTokens, usd: llm.usd },
  };
}

async function standings(store: Store, run: Run): Promise<Pick<RunStatus, "best" | "passedOver" | "base" | "baselines">> {
  const scores = await ModelScores.open(store, run, "search");
  const bestId = await bestModel(store, run, scores);
  const passedOver = await describePassedOver(store, run, scores, bestId);
  if (bestId === null) return { best: null, passedOver, base: await leaderboardRow(store, run, scores, "m0", "m0"), baselines: [] };
  const bestObject = await store.objects.find(run.id, bestId);
  const baseId = (bestObject?.kind === "model" ? bestObject.base : null) ?? "m0";
  const baselines: Scored[] = [];
  for (const { model } of await store.trials.ofKind(run.id, "baseline")) {
    const row = model === null ? null : await leaderboardRow(store, run, scores, model, bestId);
    if (row !== null) baselines.push(row);
  }
  return {
    best: await leaderboardRow(store, run, scores, bestId, bestId),
    passedOver,
    base: await leaderboardRow(store, run, scores, baseId, bestId),
    baselines,
  };
}

async function lanes(store: Store, run: Run): Promise<LaneStatus[]> {
  const status: LaneStatus[] = [];
  for (const trial of await store.trials.live(run.id)) {
    const jobs = await store.jobs.ofTrial(run.id, trial.number);
    const live = jobs.find((job) => job.state === "created" || job.state === "submitted");
    const { lane, number, kind, label, state, startedAt } = trial;
    const action = describeAction(trial.action);
    status.push({ lane, trial: number, kind, label, state, action, jobDirectory: live?.directory ?? null, startedAt });
  }
  return status;
}
