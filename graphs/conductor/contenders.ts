import { UserInputError } from "#src/errors.ts";
import type { PoolModel } from "#src/pool/objects.ts";
import { comparePaired } from "#src/score/compare.ts";
import { verdictOf } from "#src/score/verdict.ts";
import { isEligible } from "#src/service/best-model.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { describePassedOver } from "#src/service/passed-over.ts";
import type { Store } from "#src/store/store.ts";
import type { RunView } from "./run-view.ts";

export type BaselineRole = "base" | "sft_all" | "sft_all_compute" | "single" | "ties_grid";

/** What a run's winner is held against. */
export interface Reference {
  label: BaselineRole;
  model: PoolModel;
}

const baselineLabels = ["sft_all", "sft_all_compute", "single", "ties_grid"] as const;
/** Models looked at, from the best on: a comparison reads every item of both, so a run of thousands is not compared whole. */
const mostLookedAt = 200;

/** What is asked of a run's view. */
type Pool = Pick<RunView, "run" | "runId" | "noiseFloor" | "model">;

/**
 * The models that could be the best as far as `search` can tell: the best one that is eligible, and those whose paired
 * gap to it is a tie, none made from another (near-siblings say little). A gap further down can be a tie again: its
 * interval may be wider. Best first, at most `limit`.
 * @throws UserInputError when no model is eligible.
 */
export async function pickContenders(store: Store, view: Pool, limit: number): Promise<PoolModel[]> {
  const scores = await ModelScores.open(store, view.run, "search");
  const chosen: PoolModel[] = [];
  const shapes = new Set<string>();
  const actions = new Map((await store.trials.list(view.runId)).map((trial) => [trial.model, trial.action]));
  let best: Awaited<ReturnType<ModelScores["outcomes"]>> = null;
  for (const id of await scores.best(mostLookedAt)) {
    if (chosen.length >= Math.max(1, limit)) break;
    const model = view.model(id);
    const shape = JSON.stringify({ ...actions.get(id), seed: 0, id: model.trial === null ? id : "" });
    const isKin = chosen.some((other) => isAncestor(view, other, model) || isAncestor(view, model, other));
    if (isKin || shapes.has(shape) || !(await isEligible(store, view.run, scores, id))) continue;
    const outcomes = await scores.outcomes(model);
    if (outcomes === null) continue;
    best ??= outcomes;
    if (outcomes !== best && verdictOf(comparePaired(best, outcomes, scores.weights, "search"), view.noiseFloor) !== "tie") continue;
    shapes.add(shape);
    chosen.push(model);
  }
  if (chosen.length > 0) return chosen;
  const why = (await describePassedOver(store, view.run, scores, null)) ?? "No model was evaluated on every task.";
  throw new UserInputError(`There is nothing to finalize in ${view.run.name}. ${why}`);
}

function isAncestor(view: Pick<Pool, "model">, older: PoolModel, younger: PoolModel): boolean {
  if (older.depth >= younger.depth || older.trial === null) return false;
  return younger.parents.some((id) => id === older.id || isAncestor(view, older, view.model(id)));
}

/** The base of a model and the best of each kind of baseline, by their scores on `search`. */
export async function readReferences(store: Store, view: RunView, winner: PoolModel): Promise<Reference[]> {
  const references: Reference[] = [{ label: "base", model: view.model(winner.base ?? view.bases[0]?.id ?? winner.id) }];
  const baselines = await store.trials.ofKind(view.runId, "baseline");
  for (const label of baselineLabels) {
    const best = baselines
      .filter((trial) => trial.label === label && trial.model !== null)
      .flatMap(({ model }) => (model === null ? [] : [{ model: view.model(model), score: view.aggregate(model) ?? 0 }]))
      .toSorted((a, b) => b.score - a.score)[0];
    if (best !== undefined) references.push({ label, model: best.model });
  }
  return references;
}

/** The strongest of them on `search`: named before `final` is opened, so that the claim is one comparison and not the best of many. */
export function strongest(view: RunView, references: readonly Reference[]): Reference {
  const [first] = references.toSorted((a, b) => (view.aggregate(b.model.id) ?? 0) - (view.aggregate(a.model.id) ?? 0));
  if (first === undefined) throw new UserInputError(`${view.run.name} has nothing to compare with: its base was not evaluated.`);
  return first;
}
