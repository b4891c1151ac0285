import { requestApproval } from "#src/approval/request-approval.ts";
import { batchKey } from "#src/action/key.ts";
import { addEstimates } from "#src/budget/add-estimates.ts";
import { admit } from "#src/budget/admission.ts";
import { TemperError, UserInputError } from "#src/errors.ts";
import type { Approval, Estimate, Run } from "#src/store/store.ts";
import type { DiscoveryContext } from "../discovery/context.ts";
import { estimateEvaluation, evaluateModel } from "./evaluate-model.ts";
import { pickFinalists, type Finalist } from "./finalists.ts";
import { readFinalReport, type FinalReport } from "./final-report.ts";
import type { RunView } from "./run-view.ts";

export interface FinalizeOptions {
  author: string;
  /** Needed when `final` was read before and other models are to be read now. */
  reason?: string;
  signal?: AbortSignal;
}

/** The table, or the question that people have to answer first. */
export type FinalizeOutcome =
  | { status: "ok"; report: FinalReport }
  | { status: "ask"; approval: Approval }
  | { status: "refused"; why: string };

/** Kind of the event that says that the table was read: from then on, opening `final` for other models needs a reason. */
const readEvent = "final-read";

/**
 * Opens `final` once, on record, and reads it for the winner, its base and the best of each kind of baseline. Called
 * again it gives the same table; after a crash it goes on where it was.
 * @throws UserInputError when the run is not over, has no winner, or `final` was read already for other models.
 */
export async function finalizeRun(context: DiscoveryContext, runId: string, options: FinalizeOptions): Promise<FinalizeOutcome> {
  const { view } = await context.desk(runId);
  await view.refresh();
  if (view.run.state === "running") {
    throw new UserInputError(
      `${view.run.name} is still running: \`final\` is opened once, at the end. Stop it first, or wait.`,
      {},
      "conflict",
    );
  }
  const finalists = await pickFinalists(context.store, view);
  const unread = await withoutFinal(context, view, finalists);
  if (unread.length > 0) {
    const asked = await askForBatch(context, view, unread);
    if (asked !== null) return asked;
    await open(context, view, unread, options);
    await read(context, view, unread, options.signal);
    await view.refresh();
  }
  const report = await readFinalReport(context.store, view.run, finalists);
  if (unread.length > 0) await tellRead(context, view.run, report, options.author);
  return { status: "ok", report };
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

async function askForBatch(context: DiscoveryContext, view: RunView, finalists: readonly Finalist[]): Promise<FinalizeOutcome | null> {
  const estimates: Estimate[] = [];
  for (const { model } of finalists) {
    const estimate = await estimateEvaluation(context, view, { model, split: "final", batch: "finalize" });
    if (estimate !== null) estimates.push(estimate);
  }
  const estimate = addEstimates(estimates);
  if (estimate === null) return null;
  const key = batchKey(finalists.map(({ model }) => model.key));
  const admission = await admit(context.store, { run: view.runId, trial: null, batch: "finalize", key, estimate, now: context.now() });
  if (admission.verdict === "admitted") return null;
  if (admission.verdict === "refuse") return { status: "refused", why: admission.why };
  const question = { runId: view.runId, trial: null, batch: "finalize", key, estimate, why: admission.why };
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
      const wasRead = (await store.events.list(view.runId)).some((event) => event.kind === readEvent);
      if (!wasRead) return;
      if (reason === undefined) {
        const opened = view.run.finalOpenedAt ?? "before";
        const text = `\`final\` of ${view.run.name} was opened at ${opened} and read. Reading it for other models (${names}) needs a reason, which goes on record: --reason "…"`;
        throw new UserInputError(text, {}, "conflict");
      }
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

async function read(context: DiscoveryContext, view: RunView, finalists: readonly Finalist[], signal?: AbortSignal): Promise<void> {
  const outcomes = await Promise.all(
    finalists.map(async ({ model }) => ({
      model,
      outcome: await evaluateModel(context, view, { model, split: "final", batch: "finalize" }, signal),
    })),
  );
  for (const { model, outcome } of outcomes) {
    if (outcome.status === "ok") continue;
    const why = outcome.status === "failed" ? `${outcome.reason.replaceAll("_", " ")}. ${outcome.detail}` : outcome.why;
    throw new TemperError("engine", `${model.id} could not be evaluated on \`final\`: ${why} Call finalize again to go on.`, {
      model: model.id,
    });
  }
}

async function tellRead(context: DiscoveryContext, run: Run, report: FinalReport, author: string): Promise<void> {
  const rows = report.rows.map(({ label, model, final }) => ({ label, model, final: final.mean }));
  await context.store.events.append({
    runId: run.id,
    kind: readEvent,
    actor: author,
    trial: null,
    text: `\`final\` was read: ${report.rows.map((row) => `${row.label.replaceAll("_", " ")} ${row.model} ${row.final.mean.toFixed(3)}`).join(", ")}.`,
    fields: { rows },
  });
}
