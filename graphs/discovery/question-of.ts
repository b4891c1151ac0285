import type { Approval, Store, Trial } from "#src/store/store.ts";

/** Baselines with their repeats, and a replay, are asked about once, together; every other trial by itself. */
export function batchOf({ kind }: Pick<Trial, "kind">): "baselines" | "replay" | null {
  if (kind === "replay") return "replay";
  return kind === "baseline" || kind === "repeat" ? "baselines" : null;
}

/** The latest question to people about a trial or its batch; null when nobody was asked. */
export async function questionOf(store: Store, trial: Trial): Promise<Approval | null> {
  const batch = batchOf(trial);
  return batch === null ? store.approvals.ofTrial(trial.runId, trial.number) : store.approvals.latestOfBatch(trial.runId, batch);
}
