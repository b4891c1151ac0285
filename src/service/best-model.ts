import type { PoolModel } from "../pool/objects.ts";
import { type Barrier, barriersOf } from "../score/barriers.ts";
import type { Run, Store } from "../store/store.ts";
import { baseOfModel } from "./base-of.ts";
import type { ModelScores } from "./model-scores.ts";

/**
 * Id of the model with the best aggregate score among those that are eligible; null when none is. A base can be the
 * best; so null means that nothing was evaluated on every task, or that nothing, the base included, meets a floor that
 * is a number.
 */
export function bestModel(store: Store, run: Run, scores: ModelScores): Promise<string | null> {
  return scores.first((id) => isEligible(store, run, scores, id));
}

async function keysOf(store: Store, run: Run, models: readonly string[]): Promise<string[]> {
  const found = await Promise.all(models.map((id) => store.objects.find(run.id, id)));
  return found.flatMap((model) => model?.key ?? []);
}

/** What keeps a model from winning on the split that `scores` reads; empty when it may win. */
export async function readBarriers(store: Store, run: Run, scores: ModelScores, model: PoolModel): Promise<Barrier[]> {
  const trial = model.trial === null ? null : await store.trials.find(run.id, model.trial);
  const parents = await keysOf(store, run, model.parents);
  const base = await baseOfModel(store, run, model);
  const found = await scores.evaluations([model.key, ...parents, ...(base === null ? [] : [base.key])]);
  const of = (key: string | undefined) => found.filter(({ modelKey }) => modelKey === key);
  return barriersOf(
    { isBase: model.trial === null, learnt: trial?.learnt ?? null, own: of(model.key), parents: parents.map(of), base: of(base?.key) },
    scores.weights,
  );
}

/**
 * Whether a model may win: it meets its floors, learnt something, and its answers are neither broken nor collapsed. A
 * base passes all but the floors, and those that say `base`.
 */
export async function isEligible(store: Store, run: Run, scores: ModelScores, id: string): Promise<boolean> {
  const model = await store.objects.find(run.id, id);
  return model?.kind === "model" && (await readBarriers(store, run, scores, model)).length === 0;
}
