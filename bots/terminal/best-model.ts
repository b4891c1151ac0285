import { UserInputError } from "#src/errors.ts";
import { bestModel as findBest } from "#src/service/best-model.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { describePassedOver } from "#src/service/passed-over.ts";
import type { Run, Store } from "#src/store/store.ts";

/**
 * Id of the run's best model on `search`: what commands mean when nobody named one.
 * @throws UserInputError when nothing is evaluated, or no model may win.
 */
export async function bestModel(store: Store, run: Run): Promise<string> {
  const scores = await ModelScores.open(store, run, "search");
  const best = await findBest(store, run, scores);
  if (best !== null) return best;
  const passedOver = await describePassedOver(store, run, scores, null);
  const why =
    passedOver === null
      ? `Nothing is evaluated in ${run.name} yet. Look again later: temper status ${run.name}`
      : `${run.name} has no best model. ${passedOver} Or name the model that you mean.`;
  throw new UserInputError(why, { run: run.name }, "not_found");
}
