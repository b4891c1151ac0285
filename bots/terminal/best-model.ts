import { UserInputError } from "#src/errors.ts";
import { bestModel as findBest } from "#src/service/best-model.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import type { Run, Store } from "#src/store/store.ts";

/** Id of the run's best model on `search`: what commands mean when nobody named one. */
export async function bestModel(store: Store, run: Run): Promise<string> {
  const best = await findBest(store, run, await ModelScores.open(store, run, "search"));
  if (best !== null) return best;
  throw new UserInputError(
    `Nothing is evaluated in ${run.name} yet. Look again later: temper status ${run.name}`,
    { run: run.name },
    "not_found",
  );
}
