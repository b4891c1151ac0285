import { describeAction } from "../action/describe-action.ts";
import { readCaps, type Cap } from "../budget/caps.ts";
import type { Plan } from "../memory/plan.ts";
import type { Approval, Run, Store, Timestamp, Trial } from "../store/store.ts";
import { bestModel } from "./best-model.ts";
import { findRun } from "./find-run.ts";
import { leaderboardRow, type LeaderboardRow } from "./leaderboard.ts";
import { ModelScores } from "./model-scores.ts";

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
  /** The best model that meets its floors, on `search`; null while nothing was evaluated. */
  best: Scored | null;
  /** The base that the best one comes from. */
  base: Scored | null;
  /** Finished baselines in their order. */
  baselines: Scored[];
  lanes: LaneStatus[];
  /** Approvals that wait for people. */
  waiting: Approval[];
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
    lanes: await lanes(store, run),
    waiting: await store.approvals.list(run.id, "pending"),
    plan: await store.plans.latest(run.id),
    lesson: (await store.memories.latest(run.id))?.lesson ?? null,
    deviceHours: { spent: spent.deviceSeconds / 3600, reserved: spent.reservedDeviceSeconds / 3600 },
    caps: await readCaps(store, run),
    llm: { calls: llm.calls, faults: llm.faults, tokens: llm.inputTokens + llm.outputTokens, usd: llm.usd },
  };
}

async function standings(store: Store, run: Run): Promise<Pick<RunStatus, "best" | "base" | "baselines">> {
  const scores = await ModelScores.open(store, run, "search");
  const bestId = await bestModel(store, run, scores);
  if (bestId === null) return { best: null, base: await leaderboardRow(store, run, scores, "m0", "m0"), baselines: [] };
  const bestObject = await store.objects.find(run.id, bestId);
  const baseId = (bestObject?.kind === "model" ? bestObject.base : null) ?? "m0";
  const baselines: Scored[] = [];
  for (const { model } of await store.trials.ofKind(run.id, "baseline")) {
    const row = model === null ? null : await leaderboardRow(store, run, scores, model, bestId);
    if (row !== null) baselines.push(row);
  }
  return {
    best: await leaderboardRow(store, run, scores, bestId, bestId),
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
