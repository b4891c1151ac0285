import { UserInputError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { bestModel } from "#src/service/best-model.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import type { Store } from "#src/store/store.ts";
import type { RunView } from "./run-view.ts";

export type FinalLabel = "winner" | "base" | "sft_all" | "sft_all_compute" | "single" | "ties_grid";

/** A model that `final` is opened for, and as what. */
export interface Finalist {
  label: FinalLabel;
  model: PoolModel;
}

const baselineLabels = ["sft_all", "sft_all_compute", "single", "ties_grid"] as const;

/**
 * The winner on `search` among those that meet their floors, its base, and the best of each kind of baseline. One model
 * may stand there as two things.
 * @throws UserInputError when no model meets its floors.
 */
export async function pickFinalists(store: Store, view: RunView): Promise<Finalist[]> {
  const winnerId = await bestModel(store, view.run, await ModelScores.open(store, view.run, "search"));
  if (winnerId === null) throw new UserInputError(`${view.run.name} has no model that meets its floors: there is nothing to finalize.`);
  const winner = view.model(winnerId);
  const base = view.model(winner.base ?? view.bases[0]?.id ?? winnerId);
  const finalists: Finalist[] = [
    { label: "winner", model: winner },
    { label: "base", model: base },
  ];
  const baselines = await store.trials.ofKind(view.runId, "baseline");
  for (const label of baselineLabels) {
    const best = baselines
      .filter((trial) => trial.label === label && trial.model !== null)
      .flatMap(({ model }) => (model === null ? [] : [{ model: view.model(model), score: view.aggregate(model) ?? 0 }]))
      .toSorted((a, b) => b.score - a.score)[0];
    if (best !== undefined) finalists.push({ label, model: best.model });
  }
  return finalists;
}
