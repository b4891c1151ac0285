import { requestApproval } from "#src/approval/request-approval.ts";
import { batchKey } from "#src/action/key.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import { admit } from "#src/budget/admission.ts";
import { UserInputError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import type { Approval, Estimate, Run } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { confirmCandidates, estimateConfirmation, openConfirmation } from "./confirm-candidates.ts";
import { confirmedBefore, type ConfirmSettings, usualConfirmation } from "./confirm.ts";
import { estimateEvaluation } from "./evaluate-model.ts";
import { pickFinalists, type Finalist } from "./finalists.ts";
import { readSplit } from "./read-split.ts";
import { readFinalReport, type FinalReport } from "./final-report.ts";
import type { RunView } from "./run-view.ts";
import type { TrialThreads } from "./trial-threads.ts";

export interface FinalizeOptions {
  author: string;
  /** Needed when `final` was read before and other models are to be read now. */
  reason?: string;
  /** What is done before `final` is opened; default: as the last time, else the usual. */
  confirm?: Partial<ConfirmSettings>;
  signal?: AbortSignal;
}

/** What finalizing runs on: `conductor.open()` gives it. */
export interface FinalizeContext {
  context: DiscoveryContext;
  threads: TrialThreads;
}

/** The table, or the question that people have to answer first. */
export type FinalizeOutcome =
  | { status: "ok"; report: FinalReport }
  | { status: "ask"; approval: Approval }
  | { status: "refused"; why: string };

/** Kind of the event that says that the table was read: from then on, opening `final` for other models needs a reason. */
const readEvent = "final-read";

/**
 * Ends a run: the models that could be the best are made again under fresh training seeds and read on `confirm`; for
 * the one that wins there, its base and the best of each kind of baseline, `final` is opened once, on record. Called
 * again it gives the same table; after a crash it goes on where it was.
 * @throws UserInputError when the run is not over, has no winner, or `final` was read already for other models.
 */
export async function finalizeRun(
  { context, threads }: FinalizeContext,
  runId: string,
  options: FinalizeOptions,
): Promise<FinalizeOutcome> {
  const { view } = await context.desk(runId);
  await view.refresh();
  if (view.run.state === "running") {
    throw new UserInputError(
      `${view.run.name} is still running: \`final\` is opened once, at the end. Stop it first, or wait.`,
      {},
      "conflict",
    );
  }
  const before = await confirmedBefore(context.store, runId);
  const settings = { ...usualConfirmation, ...before?.settings, ...options.confirm };
  const plan = await openConfirmation({
    context,
    threads,
    view,
    settings,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  await refuseSecondChoice(context, view, plan.candidates, before?.candidates ?? null, options);
  const asked = await askForBatch(context, view, await estimateConfirmation(context, view, plan), plan.keys);
  if (asked !== null) return asked;
  const confirmed = await confirmCandidates(context, view, plan, options.author);
  if (confirmed.status !== "ok") return confirmed;
  const field = await pickFinalists(context.store, view, confirmed);
  const unread = await withoutFinal(context, view, field.finalists);
  if (unread.length > 0) {
    const question = await askForBatch(context, view, await estimateFinal(context, view, unread), plan.keys);
    if (question !== null) return question;
    await open(context, view, unread, options);
    await readSplit(
      context,
      view,
      unread.map(({ model }) => model),
      "final",
      options.signal,
    );
    await view.refresh();
  }
  const report = await readFinalReport(context.store, view.run, field, confirmed.confirmation);
  if (unread.length > 0) await tellRead(context, view.run, report, options.author);
  return { status: "ok", report };
}

async function wasRead(context: DiscoveryContext, runId: string): Promise<boolean> {
  return (await context.store.events.list(runId)).some((event) => event.kind === readEvent);
}

/** Nothing is trained for other candidates before somebody has said why `final` should be read for them. */
async function refuseSecondChoice(
  context: DiscoveryContext,
  view: RunView,
  candidates: readonly PoolModel[],
  before: readonly string[] | null,
  { reason }: FinalizeOptions,
): Promise<void> {
  const isSame = before !== null && candidates.length === before.length && candidates.every(({ id }) => before.includes(id));
  if (isSame || reason !== undefined || !(await wasRead(context, view.runId))) return;
  throw needsReason(view, candidates.map(({ id }) => id).join(", "));
}

function needsReason(view: RunView, names: string): UserInputError {
  const opened = view.run.finalOpenedAt ?? "before";
  const text = `\`final\` of ${view.run.name} was opened at ${opened} and read. Reading it for other models (${names}) needs a reason, which goes on record: --reason "…"`;
  return new UserInputError(text, {}, "conflict");
}

async function withoutFinal(context: DiscoveryContext, view: RunView, finalists: readonly Finalist[]): Promise<Finalist[]> {
  const unread = new Map<string, Finalist>();
  for (const finalist of finalists) {
    const known = await context.store.evaluations.ofModels([finalist.model.key], "final");
    const isRead = view.run.tasks.every((task) => known.some((evaluation) => evaluation.taskKey === task.key));
    if (!isRead) unread.set(finalist.model.key, finalist);
  }
  // Models that another run has read already are opened for this one all the same.
  if (unread.size === 0 && view.run.finalOpenedAt === null) for (const finalist of finalists) unread.set(finalist.model.key, finalist);
  return [...unread.values()];
}

/** Evaluations alone: what was not made by then is not made for `final`. */
async function estimateFinal(context: DiscoveryContext, view: RunView, finalists: readonly Finalist[]): Promise<Estimate | null> {
  const estimates: Estimate[] = [];
  for (const { model } of finalists) {
    const estimate = await estimateEvaluation(context, view, { model, split: "final", batch: "finalize" });
    if (estimate !== null) estimates.push(estimate);
  }
  return addEstimates(estimates);
}

/** Asks people once about all of it; null = go on. */
async function askForBatch(
  context: DiscoveryContext,
  view: RunView,
  estimate: Estimate | null,
  keys: readonly string[],
): Promise<Exclude<FinalizeOutcome, { status: "ok" }> | null> {
  if (estimate === null) return null;
  const key = batchKey(keys);
  const admission = await admit(context.store, {
    run: view.runId,
    trial: null,
    batch: { name: "finalize", members: keys },
    key,
    estimate,
    now: context.now(),
  });
  if (admission.verdict === "admitted") return null;
  if (admission.verdict === "refuse") return { status: "refused", why: admission.why };
  const question = { runId: view.runId, trial: null, batch: "finalize", key, members: keys, estimate, why: admission.why };
  return { status: "ask", approval: await requestApproval(context.store, question, context.now()) };
}

/** Breaks the seal, on record. Going on with an opening that a crash cut short is no second one. */
async function open(
  context: DiscoveryContext,
  view: RunView,
  finalists: readonly Finalist[],
  { author, reason }: FinalizeOptions,
): Promise<void> {
  const names = finalists.map(({ label, model }) => `${model.id} (${label.replaceAll("_", " ")})`).join(", ");
  await context.store.transaction(async (store) => {
    const isFirst = await store.runs.openFinal(view.runId);
    if (!isFirst) {
      if (!(await store.events.list(view.runId)).some((event) => event.kind === readEvent)) return;
      if (reason === undefined) throw needsReason(view, names);
    }
    await store.events.append({
      runId: view.runId,
      kind: isFirst ? "final-open" : "final-reopen",
      actor: author,
      trial: null,
      text: `${author} opened \`final\` for ${names}${isFirst ? "" : ` once more: ${reason}`}.`,
      fields: { models: finalists.map(({ model }) => model.id), reason: reason ?? null },
    });
  });
}

async function tellRead(context: DiscoveryContext, run: Run, report: FinalReport, author: string): Promise<void> {
  const rows = report.rows.map(({ label, model, final }) => ({ label, model, final: final.mean }));
  await context.store.events.append({
    runId: run.id,
    kind: readEvent,
    actor: author,
    trial: null,
    text: `\`final\` was read: ${report.rows.map((row) => `${row.label.replaceAll("_", " ")} ${row.model} ${row.final.mean.toFixed(3)}`).join(", ")}. ${report.claim.text}`,
    fields: { rows, claim: report.claim, selected: report.selected, retained: report.retained },
  });
}
