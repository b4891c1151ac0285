import { TemperError } from "#src/errors.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { comparePaired, type OutcomesByTask } from "#src/score/compare.ts";
import type { Measured } from "#src/score/evaluation.ts";
import type { Run, Store } from "#src/store/store.ts";
import { type SearchStanding, searchStanding } from "#src/service/search-optimism.ts";
import type { Confirmation } from "./confirm.ts";
import { type FinalClaim, readClaim } from "./final-claim.ts";
import type { FinalField, Finalist, FinalLabel } from "./finalists.ts";

/** One model on the sealed split. Differences are paired by item. */
export interface FinalRow {
  label: FinalLabel;
  model: string;
  trial: number | null;
  search: Measured;
  final: Measured;
  /** Each task on `final`, in its metric's own unit. */
  tasks: Record<string, Measured>;
  /** This minus SFT on all data with the same steps; null where there is none, and for itself. */
  overSftAll: Measured | null;
  /** This minus SFT on all data, compute-matched. */
  overSftAllCompute: Measured | null;
  overBase: Measured | null;
  /** The winner minus this; null for the winner. */
  winnerMinusThis: Measured | null;
}

export interface FinalReport {
  run: string;
  openedAt: string;
  winner: string;
  rows: FinalRow[];
  /** Search minus final score of the winner; the splits' difficulty is in it as well. */
  shrinkage: number;
  /** What the run may claim against the strongest baseline. */
  claim: FinalClaim;
  /** What was read before `final` was opened. */
  confirmation: Confirmation;
  /** The run's models on `search`, with the optimism that was expected of the best score. */
  standing: SearchStanding;
  /** Candidates that were confirmed. */
  selected: number;
  /** Candidates whose gain over the strongest baseline held on `confirm`. */
  retained: number;
  /** Each time that `final` was opened: when, by whom, for what, why again. */
  openings: string[];
}

interface Read {
  finalist: Finalist;
  search: OutcomesByTask;
  final: OutcomesByTask;
}

/** Puts the table together from what was evaluated. */
export async function readFinalReport(store: Store, run: Run, field: FinalField, confirmation: Confirmation): Promise<FinalReport> {
  const finalists = field.finalists.filter(({ label }) => label !== "winner_seed" && label !== "strongest_seed");
  const search = await ModelScores.open(store, run, "search");
  const final = await ModelScores.open(store, run, "final");
  const reads: Read[] = [];
  for (const finalist of finalists) {
    const { model } = finalist;
    reads.push({ finalist, search: await known(search, model.id, model.key), final: await known(final, model.id, model.key) });
  }
  const rows = reads.map((read) => row(read, reads, search, final));
  const [winner] = rows;
  if (winner === undefined) throw new TemperError("not_found", `${run.name} has no finalists.`);
  return {
    run: run.name,
    openedAt: run.finalOpenedAt ?? "",
    winner: winner.model,
    rows,
    shrinkage: winner.search.mean - winner.final.mean,
    claim: await readClaim(store, run, field),
    confirmation,
    standing: await searchStanding(store, run),
    selected: confirmation.rows.filter(({ role }) => role === "candidate").length,
    retained: confirmation.rows.filter(({ overReference }) => overReference !== null && overReference.low > 0).length,
    openings: (await store.events.list(run.id))
      .filter((event) => event.kind === "final-open" || event.kind === "final-reopen")
      .map((event) => `${event.time} ${event.text}`),
  };
}

async function known(scores: ModelScores, id: string, key: string): Promise<OutcomesByTask> {
  const outcomes = await scores.outcomes({ key });
  if (outcomes === null) throw new TemperError("not_found", `${id} has no results on every task of \`${scores.split}\`.`, { model: id });
  return outcomes;
}

function row(read: Read, reads: readonly Read[], search: ModelScores, final: ModelScores): FinalRow {
  const { label, model } = read.finalist;
  const difference = (a: Read, b: Read | undefined): Measured | null =>
    b === undefined || a.finalist.model.id === b.finalist.model.id ? null : comparePaired(a.final, b.final, final.weights, "final");
  const over = (other: FinalLabel) =>
    difference(
      read,
      reads.find(({ finalist }) => finalist.label === other),
    );
  const [winner] = reads;
  return {
    label,
    model: model.id,
    trial: model.trial,
    search: search.measure(read.search),
    final: final.measure(read.final),
    tasks: final.measureTasks(read.final),
    overSftAll: over("sft_all"),
    overSftAllCompute: over("sft_all_compute"),
    overBase: over("base"),
    winnerMinusThis: winner === undefined ? null : difference(winner, read),
  };
}
