import { describeAction } from "#src/action/describe-action.ts";
import { childModel } from "#src/pool/child-model.ts";
import type { Store, Trial } from "#src/store/store.ts";
import type { SkipReason } from "../conductor/observe-trial.ts";
import { resultEvent, type RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext } from "./context.ts";
import { pauseType } from "./pause-type.ts";

/** What came of a trial. Recorded once; the trial ends when it was reflected on. */
export type TrialResult =
  | {
      kind: "made";
      path: string;
      form: "full" | "adapter";
      parameters: number;
      /** Null for merges, which learn nothing. */
      learnt: boolean | null;
      /** Why `learnt` is what it is. */
      detail: string | null;
      /** What people should know, in sentences: rows that were cut, answers that look broken. */
      warnings: string[];
      steps: number;
      deviceSeconds: number;
      fromCache: boolean;
    }
  | { kind: "failed"; reason: string; detail: string; steps: number; deviceSeconds: number }
  | { kind: "skipped"; reason: SkipReason; detail: string };

/** True for a trial whose result is recorded; a node that runs again does nothing then. */
export function hasResult(trial: Trial): boolean {
  return trial.model !== null || trial.failure !== null;
}

/**
 * Writes a trial's result, in one transaction with the event that gives it its place in the order of finishing. A
 * model that was made joins the pool under the next neutral id.
 */
export async function recordResult(context: DiscoveryContext, view: RunView, number: number, result: TrialResult): Promise<void> {
  await context.store.transaction(async (store) => {
    const trial = await store.trials.find(view.runId, number);
    if (trial === null || hasResult(trial)) return;
    const model = result.kind === "made" ? await joinPool(store, view, trial, result) : null;
    await writeRow(store, trial, result, model);
    await store.events.append({
      runId: view.runId,
      kind: resultEvent,
      actor: "conductor",
      trial: number,
      text: describeResult(trial, result, model),
      fields: { result: result.kind, model, warnings: result.kind === "made" ? result.warnings : [] },
    });
    if (result.kind === "failed") {
      await pauseType(context, store, view, { trial, failure: result.reason, detail: result.detail });
    }
  });
  await view.refreshResults();
}

async function joinPool(store: Store, view: RunView, trial: Trial, result: Extract<TrialResult, { kind: "made" }>): Promise<string> {
  const id = await nextModelId(store, view);
  const parents = trial.action.models.map((parent) => view.model(parent));
  const { path, form, parameters } = result;
  await store.objects.add(
    view.runId,
    childModel({ id, key: trial.key, trial: trial.number, type: trial.action.type, parents, path, form, parameters }),
  );
  return id;
}

/** Other lanes and conductors may have added models that this view does not know yet. Transactions run one after the other. */
async function nextModelId(store: Store, view: RunView): Promise<string> {
  for (let count = view.models.length; ; count++) {
    if ((await store.objects.find(view.runId, `m${count}`)) === null) return `m${count}`;
  }
}

async function writeRow(store: Store, trial: Trial, result: TrialResult, model: string | null): Promise<void> {
  const { runId, number } = trial;
  if (result.kind === "skipped") {
    await store.trials.update(runId, number, { failure: result.reason, detail: result.detail });
    return;
  }
  const { steps, deviceSeconds } = result;
  if (result.kind === "failed") {
    await store.trials.update(runId, number, { failure: result.reason, detail: result.detail, steps, deviceSeconds });
    return;
  }
  const { learnt, warnings, fromCache } = result;
  const detail = [result.detail, ...warnings].filter((sentence) => sentence !== null).join(" ");
  await store.trials.update(runId, number, { model, learnt, detail: detail === "" ? null : detail, fromCache, steps, deviceSeconds });
}

function describeResult(trial: Trial, result: TrialResult, model: string | null): string {
  const what = `Trial ${trial.number} (${describeAction(trial.action)})`;
  if (result.kind === "skipped") return `${what} was skipped: ${result.detail}`;
  if (result.kind === "failed") return `${what} failed: ${result.reason.replaceAll("_", " ")}. ${result.detail}`.trim();
  const source = result.fromCache ? ", answered from what was known" : "";
  const sentences = [`${what} made ${model}${source}.`];
  if (result.learnt === false) sentences.push(`It did not learn: ${result.detail ?? ""}`);
  return [...sentences, ...result.warnings].join(" ");
}
