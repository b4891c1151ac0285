import { addEstimates } from "#src/budget/add-estimates.ts";
import { formatScore } from "#src/memory/format-score.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Estimate } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { type Confirmation, confirmedBefore, confirmEvent, type ConfirmSettings, readConfirmation, type Reseeded } from "./confirm.ts";
import { pickContenders, readReferences, type Reference, strongest } from "./contenders.ts";
import { estimateActions, type PlannedAction } from "./estimate-action.ts";
import { estimateEvaluation } from "./evaluate-model.ts";
import { readSplit } from "./read-split.ts";
import { Reseeder } from "./reseed.ts";
import type { RunView } from "./run-view.ts";
import type { TrialThreads } from "./trial-threads.ts";

/** What will be made again and read. */
export interface ConfirmPlan {
  settings: ConfirmSettings;
  candidates: PoolModel[];
  reference: Reference;
  steps: PlannedAction[];
  /** Keys of all that people are asked about. */
  keys: string[];
  reseeder: Reseeder;
  signal: AbortSignal | undefined;
}

export type ConfirmOutcome =
  | { status: "ok"; confirmation: Confirmation; winner: Reseeded; strongest: Reseeded & Reference }
  | { status: "refused"; why: string };

interface ConfirmInput {
  context: DiscoveryContext;
  threads: TrialThreads;
  view: RunView;
  settings: ConfirmSettings;
  signal?: AbortSignal;
}

/** Chooses what is confirmed: the candidates within the noise of the best, and the strongest baseline to hold them against. */
export async function openConfirmation({ context, threads, view, settings, signal }: ConfirmInput): Promise<ConfirmPlan> {
  const candidates = await pickContenders(context.store, view, settings.candidates);
  const [first] = candidates;
  const reference = strongest(view, first === undefined ? [] : await readReferences(context.store, view, first));
  const reseeder = await Reseeder.open(context, threads, view, signal);
  const pipelines = [...candidates, reference.model];
  const steps = new Map<string, PlannedAction>();
  for (const model of pipelines) {
    for (let seed = 1; seed <= settings.seeds; seed++) for (const step of reseeder.plan(model, seed)) steps.set(step.key, step);
  }
  // Which candidate wins decides what it is held against on `final`.
  const references = await Promise.all(candidates.map((model) => readReferences(context.store, view, model)));
  const read = [...pipelines, ...references.flat().map(({ model }) => model)];
  const keys = [...new Set([...read.map(({ key }) => key), ...steps.keys()])];
  return { settings, candidates, reference, steps: [...steps.values()], keys, reseeder, signal };
}

/** What making and reading them costs, `final` included; null when all is known. */
export async function estimateConfirmation(context: DiscoveryContext, view: RunView, plan: ConfirmPlan): Promise<Estimate | null> {
  const trainings = await estimateActions(context, view, plan.steps);
  const estimates: Estimate[] = trainings === null ? [] : [trainings];
  const times = Math.max(1, plan.settings.seeds);
  for (const model of [...plan.candidates, plan.reference.model]) {
    const estimate = await estimateEvaluation(context, view, { model, split: "confirm", batch: "finalize" });
    if (estimate !== null && trainings !== null) estimates.push(...Array.from({ length: times }, () => estimate));
  }
  const [winner] = plan.candidates;
  if (winner !== undefined) {
    const references = await readReferences(context.store, view, winner);
    for (const model of [winner, ...references.map((reference) => reference.model)]) {
      const estimate = await estimateEvaluation(context, view, { model, split: "final", batch: "finalize" });
      if (estimate !== null) estimates.push(estimate);
      if (estimate !== null && model === winner) estimates.push(...Array.from({ length: 2 * plan.settings.seeds }, () => estimate));
    }
  }
  return addEstimates(estimates);
}

/** Makes the candidates again under fresh seeds, reads them on `confirm`, and says on record which won. */
export async function confirmCandidates(
  context: DiscoveryContext,
  view: RunView,
  plan: ConfirmPlan,
  author: string,
): Promise<ConfirmOutcome> {
  const { reseeder, settings } = plan;
  const pipelines = await Promise.all([...plan.candidates, plan.reference.model].map((model) => reseed(reseeder, model, settings.seeds)));
  const [waiting] = reseeder.parked;
  if (waiting !== undefined)
    return { status: "refused", why: `trial ${waiting} of the confirmation waits for an approval: temper approve ${waiting}` };
  await view.refresh();
  const readable = pipelines.filter(({ again }) => again.length > 0);
  await readSplit(
    context,
    view,
    readable.flatMap(({ again }) => again),
    "confirm",
    plan.signal,
  );
  const reference = { ...plan.reference, ...pipelineOf(pipelines, plan.reference.model) };
  const candidates = readable.filter(({ model }) => plan.candidates.includes(model));
  if (candidates.length === 0) {
    return { status: "refused", why: `no candidate could be made again under another seed: ${reseeder.failures.join("; ")}` };
  }
  const failures = [...new Set(reseeder.failures)];
  const confirmation = await readConfirmation(context.store, view, { candidates, reference, settings, failures });
  await tell(context, view, plan, confirmation, author);
  return { status: "ok", confirmation, winner: pipelineOf(pipelines, view.model(confirmation.winner)), strongest: reference };
}

function pipelineOf(pipelines: readonly Reseeded[], model: PoolModel): Reseeded {
  const found = pipelines.find((pipeline) => pipeline.model.id === model.id);
  // A baseline that could not be made again stands for itself.
  return found === undefined || found.again.length === 0 ? { model, again: [model], isTrained: model.trial !== null } : found;
}

async function reseed(reseeder: Reseeder, model: PoolModel, seeds: number): Promise<Reseeded> {
  const isTrained = reseeder.hasTraining(model);
  if (!isTrained || seeds === 0) return { model, again: [model], isTrained };
  const made = await Promise.all(Array.from({ length: seeds }, (_, index) => reseeder.make(model, index + 1)));
  return { model, again: made.filter((each) => each !== null), isTrained };
}

async function tell(context: DiscoveryContext, view: RunView, plan: ConfirmPlan, confirmation: Confirmation, author: string) {
  const candidates = plan.candidates.map(({ id }) => id);
  const before = await confirmedBefore(context.store, view.runId);
  const isKnown = before !== null && JSON.stringify(before) === JSON.stringify({ settings: plan.settings, candidates });
  if (isKnown) return;
  const read = confirmation.rows.map(({ model, confirm }) => `${model} ${formatScore(confirm.mean)} (${confirm.seeds})`).join(", ");
  await context.store.events.append({
    runId: view.runId,
    kind: confirmEvent,
    actor: author,
    trial: null,
    text: `Read on \`confirm\` (training seeds): ${read}. ${confirmation.winner} goes to \`final\`.`,
    fields: { settings: plan.settings, candidates, winner: confirmation.winner },
  });
}
