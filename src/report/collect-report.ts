import type { Action } from "../action/action.ts";
import { describeAction } from "../action/describe-action.ts";
import { lineageOf } from "../pipeline/lineage.ts";
import { buildRecipe, formatRecipe } from "../pipeline/recipe.ts";
import type { TaskScores } from "../policy/policy.ts";
import { describeOverlap } from "../pool/overlap-gate.ts";
import { type PoolModel, type Split, splits } from "../pool/objects.ts";
import { aggregate, normaliseScores, taskWeights } from "../score/aggregate.ts";
import { comparePaired } from "../score/compare.ts";
import { barriersOf } from "../score/barriers.ts";
import type { Evaluation, TaskWeight } from "../score/evaluation.ts";
import { measureNoise } from "../score/measure-noise.ts";
import { bestModel } from "../service/best-model.ts";
import { describeShrinkage } from "../service/describe-shrinkage.ts";
import { readFinalized } from "../service/finalized.ts";
import { ModelScores } from "../service/model-scores.ts";
import { describePassedOver } from "../service/passed-over.ts";
import { readConstantTasks } from "../service/read-constant-tasks.ts";
import { searchStanding } from "../service/search-optimism.ts";
import type { Run, Store, TemperEvent, Trial } from "../store/store.ts";
import { scoreWindows } from "./charts/windows.ts";
import type { FinalRow, ReportFacts, ScoredModel, TrialPoint } from "./report-facts.ts";
import { scoreModel, type ScoredOutcomes } from "./scored-models.ts";

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
  /** Evaluations on `search`, by model key. */
  evaluations: Map<string, Evaluation[]>;
}

async function gather(store: Store, run: Run): Promise<Gathered> {
  const weights = taskWeights(run.config, await store.directives.list(run.id));
  const models = new Map((await store.objects.models(run.id)).map((model) => [model.id, model]));
  const taskKeys = new Map(run.tasks.map((task) => [task.id, task.key]));
  const evaluations = new Map<string, Evaluation[]>();
  const keys = [...new Set([...models.values()].map((model) => model.key))];
  for (const evaluation of await store.evaluations.ofModels(keys, "search")) {
    if (taskKeys.get(evaluation.task) !== evaluation.taskKey) continue;
    evaluations.set(evaluation.modelKey, [...(evaluations.get(evaluation.modelKey) ?? []), evaluation]);
  }
  const taskScores = new Map<string, TaskScores>();
  const scores = new Map<string, number>();
  const trials = await store.trials.list(run.id);
  // Trainings that were made again show what luck does; they are in no ranking.
  const again = new Set(trials.flatMap(({ kind, model }) => (kind === "repeat" || kind === "confirm" ? [model] : [])));
  for (const model of models.values()) {
    const tasks = Object.fromEntries((evaluations.get(model.key) ?? []).map(({ task, score }) => [task, score]));
    if (!weights.every((weight) => weight.task in tasks)) continue;
    taskScores.set(model.id, normaliseScores(tasks, weights));
    if (!again.has(model.id)) scores.set(model.id, aggregate(tasks, weights));
  }
  return { run, weights, models, trials, taskScores, scores, evaluations };
}

/** Ids of the scored models that may win: what `isEligible` says of each, without reading them one by one. */
function eligibleOf({ weights, models, trials, scores, evaluations }: Gathered): Set<string> {
  const learnt = new Map(trials.map((trial) => [trial.number, trial.learnt]));
  const of = (id: string) => evaluations.get(models.get(id)?.key ?? "") ?? [];
  const mayWin = ({ id, trial, parents, base }: PoolModel) => {
    const judged = {
      isBase: trial === null,
      learnt: learnt.get(trial ?? 0) ?? null,
      own: of(id),
      parents: parents.map(of),
      base: of(base ?? "m0"),
    };
    return barriersOf(judged, weights).length === 0;
  };
  return new Set([...models.values()].filter((model) => scores.has(model.id) && mayWin(model)).map(({ id }) => id));
}

/** Chosen trials with a score, in order, with the best so far of those that may win. */
function trialPoints({ trials, scores }: Gathered, eligible: ReadonlySet<string>): TrialPoint[] {
  const points: TrialPoint[] = [];
  let best: number | null = null;
  for (const trial of trials) {
    const score = trial.model === null ? undefined : scores.get(trial.model);
    if (trial.kind !== "chosen" || trial.model === null || score === undefined) continue;
    if (eligible.has(trial.model)) best = Math.max(best ?? score, score);
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

interface Ranked {
  /** The winner, else the best model: it stands first, whatever it is. */
  first: string | null;
  eligible: ReadonlySet<string>;
  actions: ReadonlyMap<string, Action>;
}

/**
 * The best models that may win such that none was made from another, and none is another's training with a new seed:
 * near-siblings say little.
 */
function topLineages({ models, scores }: Gathered, { first, eligible, actions }: Ranked): PoolModel[] {
  const ranked = [...scores].filter(([id]) => id !== first && eligible.has(id)).toSorted((a, b) => b[1] - a[1]);
  const sorted = [...(first === null ? [] : [first]), ...ranked.map(([id]) => id)].flatMap((id) => models.get(id) ?? []);
  const chosen: PoolModel[] = [];
  const shapes = new Set<string>();
  for (const model of sorted) {
    const shape = JSON.stringify({ ...actions.get(model.id), seed: 0 });
    if ((model.trial === null && model.id !== first) || chosen.length === topCount || shapes.has(shape)) continue;
    // What was made from a base is no sibling of it.
    if (chosen.some((other) => other.parents.includes(model.id) || (other.trial !== null && model.parents.includes(other.id)))) continue;
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

/** The winner's search score against its final one, beside the base's; null until `final` was opened. */
function shrinkageOf(winner: ScoredModel | null, base: ScoredModel | null, final: readonly FinalRow[]): string | null {
  const read = (model: ScoredModel | null) => {
    const row = final.find((each) => each.model === model?.model);
    return model === null || row === undefined ? null : { search: model.score, final: row.score };
  };
  const own = read(winner);
  return own === null ? null : describeShrinkage(own, winner?.model === base?.model ? null : read(base));
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
  const finalized = readFinalized(events);
  const winnerId = finalized.winner ?? bestId;
  const winner = await scored(winnerId ?? undefined, winnerId === bestId ? `best ${bestId}` : `winner ${winnerId}`);
  const final = await finalRows(store, gathered, [
    ...(winner === null ? [] : [{ label: winner.label, model: winner.model }]),
    ...(base === null ? [] : [{ label: base.label, model: base.model }]),
    ...baselines.map((baseline) => ({ label: baseline.label, model: baseline.model })),
  ]);
  const eligible = eligibleOf(gathered);
  const points = trialPoints(gathered, eligible);
  const memory = await store.memories.latest(run.id);
  const llm = await store.llmCalls.totals(run.id);
  const { deviceSeconds } = await store.jobs.spent(run.id);
  const counts = await store.trials.counts(run.id);
  const topRows: ReportFacts["top"] = [];
  for (const [index, model] of topLineages(gathered, { first: winnerId, eligible, actions }).entries()) {
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
    passedOver: await describePassedOver(store, run, onSearch, bestId),
    base,
    baselines,
    points,
    windows: scoreWindows(points.map((point) => point.score)),
    noiseFloor: noiseOf(gathered),
    constantTasks: await readConstantTasks(store, run),
    final,
    shrinkage: shrinkageOf(winner, base, final),
    standing: await searchStanding(store, run),
    confirmed: finalized.confirmed,
    claim: finalized.claim,
    confirmCounts: finalized.counts,
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
