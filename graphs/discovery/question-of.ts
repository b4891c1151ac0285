import type { BatchPart } from "#src/budget/admission.ts";
import type { Approval, Store, Trial } from "#src/store/store.ts";

/** Baselines with their repeats, a replay, and all of `finalize` are asked about once, together; every other trial by itself. */
export function batchOf({ kind, key }: Pick<Trial, "kind" | "key">): BatchPart | null {
  const name = nameOf(kind);
  return name === null ? null : { name, members: [key] };
}

function nameOf(kind: Trial["kind"]): "baselines" | "replay" | "finalize" | null {
  if (kind === "replay") return "replay";
  if (kind === "confirm") return "finalize";
  return kind === "baseline" || kind === "repeat" ? "baselines" : null;
}

/**
 * The latest question to people about a trial, or about its batch with the trial on the list; null when nobody was asked. About a trial of a batch people
 * are asked by itself when it needs more time than was thought.
 */
export async function questionOf(store: Store, trial: Trial): Promise<Approval | null> {
  const own = await store.approvals.ofTrial(trial.runId, trial.number);
  const batch = batchOf(trial);
  return own !== null || batch === null ? own : store.approvals.listing(trial.runId, batch.name, batch.members);
}
