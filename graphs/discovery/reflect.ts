import { predictionOf } from "#src/explain/prediction-of.ts";
import type { ObservedTrial } from "#src/policy/policy.ts";
import type { Trial, TrialState } from "#src/store/store.ts";
import { isSkipReason, observeTrial } from "../conductor/observe-trial.ts";
import type { RunView } from "../conductor/run-view.ts";
import type { DiscoveryContext, RunDesk } from "./context.ts";
import type { DiscoveryStateValue, DiscoveryUpdate } from "./state.ts";

/** Writes the trial's lesson and the next memory version, and ends the trial, in one transaction. */
export async function reflect(context: DiscoveryContext, state: DiscoveryStateValue, signal?: AbortSignal): Promise<DiscoveryUpdate> {
  const desk = await context.desk(state.runId);
  // Versions follow each other: lanes take turns, and what another conductor wrote meanwhile is taken into account.
  await desk.turns.take("memory", async () => {
    for (let isOver = false; !isOver;) {
      signal?.throwIfAborted();
      await desk.view.readMemory();
      const trial = await context.store.trials.find(state.runId, state.number);
      isOver = trial === null || trial.endedAt !== null || (await end(context, desk, trial, signal));
    }
  });
  return {};
}

/** False when another conductor wrote a memory version meanwhile. */
async function end(context: DiscoveryContext, { view, agents }: RunDesk, trial: Trial, signal?: AbortSignal): Promise<boolean> {
  const observed = observeTrial(trial, trial.model === null ? null : (view.scores.get(trial.model) ?? null));
  const decision = trial.kind === "chosen" ? await context.store.decisions.ofTrial(trial.runId, trial.number) : null;
  const prediction = predictionOf(trial, decision);
  const memory =
    observed === null
      ? null
      : await agents.reflect({ previous: view.memory, trial: observed, prediction, experience: view.experience, view }, signal);
  const endedAt = context.now().toISOString();
  const isWritten = await context.store.transaction(async (store) => {
    if (memory !== null && (await store.memories.latestVersion(view.runId)) !== memory.version - 1) return false;
    if (memory !== null) await store.memories.add(view.runId, memory);
    await store.trials.update(view.runId, trial.number, { state: finalState(trial), lane: null, endedAt });
    await store.events.append({
      runId: view.runId,
      kind: "trial-end",
      actor: memory?.by ?? "conductor",
      trial: trial.number,
      text: memory?.lesson ?? endText(trial),
      fields: { ...summary(view, observed), state: finalState(trial), memory: memory?.version ?? null },
    });
    return true;
  });
  if (isWritten && memory !== null) view.memory = memory;
  return isWritten;
}

function endText({ number, kind, failure, detail }: Trial): string {
  if (failure === null) return `Trial ${number} (${kind}) is done.`;
  return `Trial ${number} ${isSkipReason(failure) ? "was skipped" : "failed"}: ${detail ?? failure}`;
}

function finalState(trial: Trial): TrialState {
  if (isSkipReason(trial.failure)) return "skipped";
  return trial.failure === null ? "done" : "failed";
}

function summary(view: RunView, observed: ObservedTrial | null): Record<string, unknown> {
  return observed === null ? {} : { model: observed.model, score: observed.model === null ? null : view.aggregate(observed.model) };
}
