import type { ObservedTrial, Prediction } from "#src/policy/policy.ts";
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
      desk.view.memory = await context.store.memories.latest(state.runId);
      const trial = await context.store.trials.find(state.runId, state.number);
      isOver = trial === null || trial.endedAt !== null || (await end(context, desk, trial, signal));
    }
  });
  return {};
}

/** False when another conductor wrote a memory version meanwhile. */
async function end(context: DiscoveryContext, { view, agents }: RunDesk, trial: Trial, signal?: AbortSignal): Promise<boolean> {
  const observed = observeTrial(trial, trial.model === null ? null : (view.scores.get(trial.model) ?? null));
  const prediction = await predictionOf(context, trial);
  const memory =
    observed === null
      ? null
      : await agents.reflect({ previous: view.memory, trial: observed, prediction, experience: view.experience, view }, signal);
  const endedAt = context.now().toISOString();
  return context.store.transaction(async (store) => {
    const latest = memory === null ? null : await store.memories.latest(view.runId);
    if (memory !== null && (latest?.version ?? 0) !== memory.version - 1) return false;
    if (memory !== null) await store.memories.add(view.runId, memory);
    await store.trials.update(view.runId, trial.number, { state: finalState(trial), lane: null, endedAt });
    await store.events.append({
      runId: view.runId,
      kind: "trial-end",
      actor: memory?.by ?? "conductor",
      trial: trial.number,
      text: memory?.lesson ?? `Trial ${trial.number} was skipped: ${trial.detail ?? trial.failure ?? ""}`,
      fields: { ...summary(view, observed), state: finalState(trial), memory: memory?.version ?? null },
    });
    return true;
  });
}

function finalState(trial: Trial): TrialState {
  if (isSkipReason(trial.failure)) return "skipped";
  return trial.failure === null ? "done" : "failed";
}

function summary(view: RunView, observed: ObservedTrial | null): Record<string, unknown> {
  return observed === null ? {} : { model: observed.model, score: observed.model === null ? null : view.aggregate(observed.model) };
}

async function predictionOf(context: DiscoveryContext, trial: Trial): Promise<Prediction | null> {
  if (trial.kind !== "chosen") return null;
  const decision = await context.store.decisions.ofTrial(trial.runId, trial.number);
  return decision?.proposal.candidates[0]?.prediction ?? null;
}
