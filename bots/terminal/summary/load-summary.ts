import { renderPipeline } from "../render/render-pipeline.ts";
import { renderConfirmation } from "../render/render-confirmation.ts";
import { renderShrinkage } from "../render/render-final.ts";
import type { FinalReport } from "#graphs/conductor/final-report.ts";
import { leaderboardRow } from "#src/service/leaderboard.ts";
import { compareModels } from "#src/service/compare-models.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { type RunStatus, runStatus } from "#src/service/run-status.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Summary, SummaryRow } from "./summary.ts";

const labelTitles: Readonly<Record<string, string>> = {
  base: "base",
  sft_all: "SFT on all data, same steps",
  sft_all_compute: "SFT on all data, compute-matched",
  single: "best single SFT",
  ties_grid: "TIES grid",
};

function titleOf(label: string, model: string): string {
  return label === "base" ? `base ${model}` : (labelTitles[label] ?? label);
}

/** Rows of the `final` table below the winner's. */
function finalRows({ rows }: FinalReport): SummaryRow[] {
  return rows
    .slice(1)
    .map(({ label, model, final, winnerMinusThis }) => ({ label: titleOf(label, model), score: final, behind: winnerMinusThis }));
}

/** The base and the best of each kind of baseline on `search`. */
async function searchRows(store: Store, run: Run, status: RunStatus): Promise<SummaryRow[]> {
  const best = status.best?.model;
  const behind = async (model: string) =>
    best === undefined || best === model ? null : (await compareModels(store, run, { a: best, b: model })).difference;
  const rows: SummaryRow[] = [];
  if (status.base !== null) {
    const { model, score } = status.base;
    rows.push({ label: titleOf("base", model), score, behind: await behind(model) });
  }
  for (const label of ["sft_all", "sft_all_compute", "single", "ties_grid"]) {
    const [top] = status.baselines.filter((row) => row.label === label).toSorted((a, b) => b.score.mean - a.score.mean);
    if (top !== undefined) rows.push({ label: titleOf(label, top.model), score: top.score, behind: await behind(top.model) });
  }
  return rows;
}

async function bestOf(store: Store, run: Run, status: RunStatus, final: FinalReport | null): Promise<Summary["best"]> {
  const id = final?.winner ?? status.best?.model;
  const row = id === undefined ? null : await leaderboardRow(store, run, await ModelScores.open(store, run, "search"), id, id);
  if (id === undefined || row === null) return null;
  const models = new Map((await store.objects.models(run.id)).map((model) => [model.id, model]));
  const trials = await store.trials.list(run.id);
  const actions = new Map(trials.flatMap((trial) => (trial.model === null ? [] : [[trial.model, trial.action] as const])));
  const pipeline = renderPipeline(id, models, actions);
  return { model: id, search: row.score, final: final?.rows[0]?.final ?? null, pipeline, broken: row.floors.broken };
}

/** Gathers what a run found. `final` is its table once it was opened. */
export async function loadSummary(store: Store, run: Run, final: FinalReport | null): Promise<Summary> {
  const status = await runStatus(store, run.id);
  const { progress, llm, deviceHours } = status;
  return {
    run: run.name,
    state: status.run.state,
    stateReason: status.run.stateReason,
    best: await bestOf(store, run, status, final),
    passedOver: status.passedOver,
    rows: final === null ? await searchRows(store, run, status) : finalRows(final),
    shrinkage: final?.shrinkage ?? null,
    shrinkageText: final === null ? null : renderShrinkage(final),
    claim: final?.claim.text ?? null,
    confirmed: final === null ? null : renderConfirmation(final.confirmation).join(" "),
    effects: (await store.memories.latest(run.id))?.effects ?? [],
    counts: { chosen: progress.chosen, other: progress.other, fromCache: progress.chosenFromCache, failed: progress.failed },
    deviceSeconds: deviceHours.spent * 3600,
    usd: deviceHours.spent * run.config.budget.usd_per_device_hour,
    llm: { tokens: llm.tokens, usd: llm.usd },
    device: computesOnGpus(run.config.executor) ? "cuda" : "cpu",
    waiting: status.waiting.length,
  };
}

function computesOnGpus(executor: Run["config"]["executor"]): boolean {
  if (executor.kind === "scripted") return false;
  return executor.kind === "local" ? executor.device === "cuda" : executor.gpus_per_job > 0;
}
