import { describeAction } from "../action/describe-action.ts";
import type { PoolModel, Split } from "../pool/objects.ts";
import { comparePaired } from "../score/compare.ts";
import type { Measured } from "../score/evaluation.ts";
import type { Run, Store, Trial } from "../store/store.ts";
import { baseOfModel } from "./base-of.ts";
import { readBarriers } from "./best-model.ts";
import { ModelScores } from "./model-scores.ts";

export interface LeaderboardRow {
  /** From 1; by score alone, whether it may win or not. */
  rank: number;
  model: string;
  /** A base's name in the config. */
  name: string | null;
  trial: number | null;
  kind: Trial["kind"] | "base";
  /** `sft_all`, `ties_grid`, … for baselines. */
  label: string | null;
  /** What made it: `SFT of m9 on common, 80 steps`, or `base model`. */
  made: string;
  score: Measured;
  /** Each task in its metric's own unit. */
  tasks: Record<string, Measured>;
  floors: { met: boolean; broken: string[] };
  /** All that keeps it from winning, in words: broken floors, then gates such as `it trained without learning`. Empty when it may win. */
  barriers: string[];
  /** Paired difference to its base; null for a base itself. */
  overBase: Measured | null;
  /** Paired difference to the model above everyone; null for that one. */
  overBest: Measured | null;
}

interface LeaderboardOptions {
  split?: Split;
  limit?: number;
  offset?: number;
}

/** The run's evaluated models, best first, each number with its interval. */
export async function leaderboard(store: Store, run: Run, options: LeaderboardOptions = {}): Promise<LeaderboardRow[]> {
  const { split = "search", limit = 20, offset = 0 } = options;
  const scores = await ModelScores.open(store, run, split);
  const [first] = await scores.best(1);
  const rows: LeaderboardRow[] = [];
  for (const [index, id] of (await scores.best(limit, offset)).entries()) {
    const row = await leaderboardRow(store, run, scores, id, first ?? id);
    if (row !== null) rows.push({ rank: offset + index + 1, ...row });
  }
  return rows;
}

/** One model's line; null when it was not evaluated on every task. */
export async function leaderboardRow(
  store: Store,
  run: Run,
  scores: ModelScores,
  id: string,
  bestId: string,
): Promise<Omit<LeaderboardRow, "rank"> | null> {
  const model = await modelOf(store, run, id);
  const outcomes = model === null ? null : await scores.outcomes(model);
  if (model === null || outcomes === null) return null;
  const trial = model.trial === null ? null : await store.trials.find(run.id, model.trial);
  const base = await baseOfModel(store, run, model);
  const barriers = await readBarriers(store, run, scores, model);
  const broken = barriers.flatMap(({ text, floor }) => (floor === null ? [] : [text]));
  return {
    model: id,
    name: model.name,
    trial: model.trial,
    kind: trial?.kind ?? "base",
    label: trial?.label ?? null,
    made: trial === null ? "base model" : describeAction(trial.action),
    score: scores.measure(outcomes),
    tasks: scores.measureTasks(outcomes),
    floors: { met: broken.length === 0, broken },
    barriers: barriers.map(({ text }) => text),
    overBase: base === null || base.id === id ? null : await difference(scores, outcomes, base),
    overBest: bestId === id ? null : await difference(scores, outcomes, await modelOf(store, run, bestId)),
  };
}

async function difference(
  scores: ModelScores,
  outcomes: ReadonlyMap<string, Float32Array>,
  other: PoolModel | null,
): Promise<Measured | null> {
  const others = other === null ? null : await scores.outcomes(other);
  return others === null ? null : comparePaired(outcomes, others, scores.weights, scores.split);
}

async function modelOf(store: Store, run: Run, id: string): Promise<PoolModel | null> {
  const object = await store.objects.find(run.id, id);
  return object?.kind === "model" ? object : null;
}
