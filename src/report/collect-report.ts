import { z } from "zod";
import type { Action } from "../action/action.ts";
import { describeAction } from "../action/describe-action.ts";
import { lineageOf } from "../pipeline/lineage.ts";
import { buildRecipe, formatRecipe } from "../pipeline/recipe.ts";
import type { TaskScores } from "../policy/policy.ts";
import { describeOverlap } from "../pool/overlap-gate.ts";
import { type PoolModel, type Split, splits } from "../pool/objects.ts";
import { aggregate, normaliseScores, taskWeights } from "../score/aggregate.ts";
import { comparePaired } from "../score/compare.ts";
import type { TaskWeight } from "../score/evaluation.ts";
import { measureNoise } from "../score/measure-noise.ts";
import { bestModel } from "../service/best-model.ts";
import { ModelScores } from "../service/model-scores.ts";
import { searchStanding } from "../service/search-optimism.ts";
import type { Run, Store, TemperEvent, Trial } from "../store/store.ts";
import { scoreWindows } from "./charts/windows.ts";
import type { FinalRow, ReportFacts, ScoredModel, TrialPoint } from "./report-facts.ts";
import { scoreModel, type ScoredOutcomes } from "./scored-models.ts";

/** What `finalize` notes of its table. */
const finalReadSchema = z.looseObject({
  rows: z.array(z.looseObject({ model: z.string() })),
  claim: z.looseObject({ text: z.string() }).optional(),
});

/** Effects of fewer trials have intervals too wide to learn from. */
const fewestTrials = 3;
/** Pipelines drawn in the report (paper, Fig. 3). */
const topCount = 3;

interface Gathered {
  run: Run;
  weights: TaskWeight[];
  models: Map<string, PoolModel>;
  trials: Trial[];
  /** Search scores by task, and in the aggregate, by model id. */
  taskScores: Map<string, TaskScores>;
  scores: Map<string, number>;
}

async function gather(store: Store, run: Run): Promise<Gathered> {
  const weights = taskWeights(run.config, await store.directives.list(run.id));
  const models = new Map((await store.objects.models(run.id)).map((model) => [model.id, model]));
  const taskKeys = new Map(run.tasks.map((task) => [task.id, task.key]));
  const byKey = new Map<string, Record<string, number>>();
  const keys = [...new Set([...models.values()].map((model) => model.key))];
  for (const evaluation of await store.evaluations.ofModels(keys, "search")) {
    if (taskKeys.get(evaluation.task) !== evaluation.taskKey) continue;
    byKey.set(evaluation.modelKey, { ...byKey.get(evaluation.modelKey), [evaluation.task]: evaluation.score });
  }
  const taskScores = new Map<string, TaskScores>();
  const scores = new Map<string, number>();
  const trials = await store.trials.list(run.id);
  // Trainings that were made again show what luck does; they are in no ranking.
  const again = new Set(trials.flatMap(({ kind, model }) => (kind === "repeat" || kind === "confirm" ? [model] : [])));
  for (const model of models.values()) {
    const tasks = byKey.get(model.key);
    if (tasks === undefined || !weights.every((weight) => weight.task in tasks)) continue;
    taskScores.set(model.id, normaliseScores(tasks, weights));
    if (!again.has(model.id)) scores.set(model.id, aggregate(tasks, weights));
  }
  return { run, weights, models, trials, taskScores, scores };
}

/** Chosen trials with a score, in order, with the best so far. */
function trialPoints({ trials, scores }: Gathered): TrialPoint[] {
  const points: TrialPoint[] = [];
  let best = Number.NEGATIVE_INFINITY;
  for (const trial of trials) {
    const score = trial.model === null ? undefined : scores.get(trial.model);
    if (trial.kind !== "chosen" || trial.model === null || score === undefined) continue;
    best = Math.max(best, score);
    points.push({ number: trial.number, order: points.length + 1, action: trial.action, model: trial.model, score, best });
  }
  return points;
}

/** How far two trainings that differ in their seed only lie apart. */
function noiseOf({ trials, taskScores, weights }: Gathered): number | null {
  const observed = trials.map(({ action, model }) => ({ action, scores: (model === null ? undefined : taskScores.get(model)) ?? null }));
  return measureNoise(observed, Object.fromEntries(weights.map(({ task, weight }) => [task, weight])));
}

/** What people call the fixed baselines. */
function baselineTitle(label: string, run: Run): string {
  const { baselines } = run.config;
  const times = baselines === false ? null : baselines.sft_all_compute;
  const titles: Record<string, string> = {
    single: "best single SFT",
    sft_all: "SFT on all data",
    sft_all_compute: `SFT on all data, ${times}× steps`,
    ties_grid: "best of the TIES grid",
  };
  return titles[label] ?? label;
}

/** The best model of each baseline, best first. */
function bestBaselines({ run, trials, scores }: Gathered): { label: string; model: string; score: number }[] {
  const best = new Map<string, { label: string; model: string; score: number }>();
  for (const trial of trials) {
    if (trial.kind !== "baseline" || trial.model === null || trial.label === null) continue;
    const score = scores.get(trial.model);
    const label = baselineTitle(trial.label, run);
    if (score !== undefined && score > (best.get(label)?.score ?? -1)) best.set(label, { label, model: trial.model, score });
  }
  return [...best.values()].toSorted((a, b) => b.score - a.score);
}

/** The best models such that none was made from another, and none is another's training with a new seed: near-siblings say little. */
function topLineages({ models, scores }: Gathered, actions: ReadonlyMap<string, Action>): PoolModel[] {
  const sorted = [...scores].toSorted((a, b) => b[1] - a[1]).flatMap(([id]) => models.get(id) ?? []);
  const chosen: PoolModel[] = [];
  const shapes = new Set<string>();
  for (const model of sorted) {
    const shape = JSON.stringify({ ...actions.get(model.id), seed: 0 });
    if (model.trial === null || chosen.length === topCount || shapes.has(shape)) continue;
    if (chosen.some((other) => other.parents.includes(model.id) || model.parents.includes(other.id))) continue;
    chosen.push(model);
    shapes.add(shape);
  }
  return chosen;
}

function basisOf(run: Run): string {
  const tasks = run.tasks.map((task) => `${task.id} ${task.items.search}`);
  const items = run.tasks.reduce((sum, task) => sum + task.items.search, 0);
  return `search split, ${items} items (${tasks.join(", ")}), one training seed`;
}

async function finalRows(store: Store, gathered: Gathered, labelled: { label: string; model: string }[]): Promise<FinalRow[]> {
  const { run, models } = gathered;
  if (run.finalOpenedAt === null) return [];
  const scores = await ModelScores.open(store, run, "final");
  const rows: ScoredOutcomes[] = [];
  for (const { label, model: id } of labelled) {
    const model = models.get(id);
    const scored = model === undefined ? null : await scoreModel(store, { run, scores, model, label });
    if (scored !== null) rows.push(scored);
  }
  const [winner] = rows;
  return rows.map((row) => ({
    ...row.scored,
    winnerMinusThis: winner === undefined || row === winner ? null : comparePaired(winner.outcomes, row.outcomes, scores.weights, "final"),
  }));
}

function isUsed(split: Split, run: Run, events: readonly TemperEvent[]): boolean {
  if (split === "search") return true;
  return split === "final" ? run.finalOpenedAt !== null : events.some(({ kind }) => kind === "confirm-read");
}

/** Reads everything that a report shows from the store. Read only. */
export async function collectReport(store: Store, run: Run): Promise<ReportFacts> {
  const gathered = await gather(store, run);
  const { models, trials } = gathered;
  const actions = new Map<string, Action>(trials.flatMap((trial) => (trial.model === null ? [] : [[trial.model, trial.action] as const])));
  const top = topLineages(gathered, actions);
  const baseModel = [...models.values()].find((model) => model.trial === null);
  const baselineBests = bestBaselines(gathered);

  const onSearch = await ModelScores.open(store, run, "search");
  const scored = async (id: string | undefined, label: string): Promise<ScoredModel | null> => {
    const model = models.get(id ?? "");
    if (model === undefined) return null;
    return (await scoreModel(store, { run, scores: onSearch, model, label }))?.scored ?? null;
  };
  const bestId = await bestModel(store, run, onSearch);
  const best = await scored(bestId ?? undefined, `best ${bestId}`);
  const baselines: ScoredModel[] = [];
  for (const baseline of baselineBests) {
    const row = await scored(baseline.model, baseline.label);
    if (row !== null) baselines.push(row);
  }
  const base = await scored(baseModel?.id, `base ${baseModel?.id}`);
  const events = await store.events.list(run.id);
  const finalRead = finalReadSchema.safeParse(events.findLast(({ kind }) => kind === "final-read")?.fields);
  const winnerId = finalRead.success ? (finalRead.data.rows[0]?.model ?? bestId) : bestId;
  const winner = await scored(winnerId ?? undefined, winnerId === bestId ? `best ${bestId}` : `winner ${winnerId}`);
  const final = await finalRows(store, gathered, [
    ...(winner === null ? [] : [{ label: winner.label, model: winner.model }]),
    ...(base === null ? [] : [{ label: base.label, model: base.model }]),
    ...baselines.map((baseline) => ({ label: baseline.label, model: baseline.model })),
  ]);
  const points = trialPoints(gathered);
  const memory = await store.memories.latest(run.id);
  const llm = await store.llmCalls.totals(run.id);
  const { deviceSeconds } = await store.jobs.spent(run.id);
  const counts = await store.trials.counts(run.id);
  const topRows: ReportFacts["top"] = [];
  for (const [index, model] of top.entries()) {
    const row = await scored(model.id, `Top-${index + 1} ${model.id}`);
    if (row === null) continue;
    topRows.push({
      scored: row,
      lineage: lineageOf(model.id, models, actions),
      recipe: formatRecipe(await buildRecipe(store, run, model.id)),
    });
  }
  return {
    run,
    basis: basisOf(run),
    best,
    base,
    baselines,
    points,
    windows: scoreWindows(points.map((point) => point.score)),
    noiseFloor: noiseOf(gathered),
    final,
    shrinkage: final[0] === undefined || winner === null ? null : winner.score.mean - final[0].score.mean,
    standing: await searchStanding(store, run),
    confirmed: events.findLast(({ kind }) => kind === "confirm-read")?.text ?? null,
    claim: finalRead.success ? (finalRead.data.claim?.text ?? null) : null,
    openings: events
      .filter((event) => event.kind === "final-open" || event.kind === "final-reopen")
      .map((event) => `${event.time} ${event.text}`),
    top: topRows,
    effects: (memory?.effects ?? []).filter((effect) => effect.count >= fewestTrials).slice(0, 16),
    experience: memory?.experience ?? "",
    directions: memory?.directions ?? "",
    failures: trials
      .filter((trial) => trial.state === "failed")
      .map((trial) => ({
        trial: trial.number,
        what: describeAction(trial.action),
        reason: trial.failure ?? "unknown",
        detail: trial.detail ?? "",
      })),
    notLearnt: trials.filter((trial) => trial.learnt === false).map((trial) => trial.number),
    approvals: await store.approvals.list(run.id),
    counts,
    cost: {
      deviceSeconds,
      usd: (deviceSeconds / 3600) * run.config.budget.usd_per_device_hour,
      llmTokens: llm.inputTokens + llm.outputTokens,
      llmUsd: llm.usd,
      steps: trials.reduce((sum, trial) => sum + trial.steps, 0),
    },
    splitsUsed: splits.filter((split) => isUsed(split, run, events)),
    overlaps: (await store.objects.datasets(run.id))
      .filter(({ overlap }) => overlap !== undefined)
      .map((dataset) => ({ dataset: dataset.id, text: describeOverlap(dataset) })),
  };
}
