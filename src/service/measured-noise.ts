import { normaliseScores } from "../score/aggregate.ts";
import { measureNoise } from "../score/measure-noise.ts";
import type { Run, Store } from "../store/store.ts";
import { ModelScores } from "./model-scores.ts";
import { repeatedTrainings } from "./repeated-trainings.ts";

/** The noise floor of a run on `search` under the weights of now, from its repeats; null until they show a spread. */
export async function measuredNoise(store: Store, run: Run): Promise<number | null> {
  const trials = (await repeatedTrainings(store, run.id)).flat();
  if (trials.length === 0) return null;
  const scores = await ModelScores.open(store, run, "search");
  const observed = [];
  for (const { action, key } of trials) {
    const means = (await scores.means({ key })).scores;
    const isComplete = scores.weights.every(({ task, weight }) => weight === 0 || task in means);
    observed.push({ action, scores: isComplete ? normaliseScores(means, scores.weights) : null });
  }
  return measureNoise(observed, Object.fromEntries(scores.weights.map(({ task, weight }) => [task, weight])));
}
