import { type PoolModel, splits } from "../pool/objects.ts";
import type { Measured } from "../score/evaluation.ts";
import { ModelScores } from "../service/model-scores.ts";
import type { Run, Store } from "../store/store.ts";
import type { Recipe } from "./recipe-schema.ts";

const brief = ({ mean, low, high, items }: Measured) => ({ mean, low, high, items });

/** A model's scores with intervals on every split that it was evaluated on in full; `final` only after it was opened. */
export async function expectedScores(store: Store, run: Run, model: PoolModel): Promise<Recipe["expected"]> {
  const bySplit: Recipe["expected"] = [];
  for (const split of splits.filter((each) => each !== "final" || run.finalOpenedAt !== null)) {
    const scores = await ModelScores.open(store, run, split);
    const outcomes = await scores.outcomes(model);
    if (outcomes === null) continue;
    const tasks = Object.entries(scores.measureTasks(outcomes)).map(([task, measured]) => [task, brief(measured)] as const);
    bySplit.push({ split, score: brief(scores.measure(outcomes)), tasks: Object.fromEntries(tasks) });
  }
  return bySplit;
}
