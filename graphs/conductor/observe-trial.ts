import type { ObservedTrial, TaskScores } from "#src/policy/policy.ts";
import type { Run, Store, Trial, TrialKind } from "#src/store/store.ts";

const observedKinds: Readonly<Partial<Record<TrialKind, ObservedTrial["kind"]>>> = {
  chosen: "chosen",
  baseline: "baseline",
  repeat: "repeat",
};

/** Why a trial was skipped, as it stands in `Trial.failure`: nothing was tried, so policies learn nothing from it. */
export const skipReasons = ["rejected", "expired", "withdrawn", "refused"] as const;
export type SkipReason = (typeof skipReasons)[number];

export function isSkipReason(failure: string | null): failure is SkipReason {
  return skipReasons.some((reason) => reason === failure);
}

/** What policies and agents may know of a trial that has a result; null for skipped ones and those outside of the search. */
export function observeTrial(trial: Trial, scores: TaskScores | null): ObservedTrial | null {
  return isSkipReason(trial.failure) ? null : observeAny(trial, scores);
}

/** A trial that people rejected, as the memory keeps it: with the reason they gave. Null for every other. */
export function observeRejection(trial: Trial): ObservedTrial | null {
  if (trial.failure !== "rejected") return null;
  return observeAny({ ...trial, failure: trial.detail ?? trial.failure }, null);
}

function observeAny(trial: Trial, scores: TaskScores | null): ObservedTrial | null {
  const kind = observedKinds[trial.kind];
  if (kind === undefined) return null;
  return {
    number: trial.number,
    kind,
    action: trial.action,
    model: scores === null ? null : trial.model,
    scores,
    failure: trial.failure,
    steps: trial.steps,
  };
}

/** Mean `search` scores of models in [0, 1], by model key; models that lack a task's evaluation are left out. */
export async function readScores(store: Store, run: Run, modelKeys: readonly string[]): Promise<Map<string, TaskScores>> {
  const scores = new Map<string, TaskScores>();
  if (modelKeys.length === 0) return scores;
  const means = new Map<string, number>();
  for (const evaluation of await store.evaluations.ofModels(modelKeys, "search")) {
    means.set(`${evaluation.modelKey} ${evaluation.taskKey}`, evaluation.score);
  }
  for (const modelKey of modelKeys) {
    const entries = run.tasks.flatMap((task): [string, number][] => {
      const mean = means.get(`${modelKey} ${task.key}`);
      return mean === undefined ? [] : [[task.id, mean / task.maximum]];
    });
    if (entries.length === run.tasks.length) scores.set(modelKey, Object.fromEntries(entries));
  }
  return scores;
}
