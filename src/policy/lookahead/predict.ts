import { type Action, isMerge } from "../../action/action.ts";
import type { EffectUsed, PolicyView, Prediction } from "../policy.ts";
import { predictChange } from "./beliefs.ts";
import { type EffectModel, observationNoise } from "./effect-model.ts";
import { evidenceName } from "./evidence.ts";
import type { Posteriors } from "./posteriors.ts";

/** Half-width of a 95 % interval in standard deviations. */
const z95 = 1.96;

/** Change of each task with its posterior variance, noise apart. */
interface Change {
  mean: Float64Array;
  variance: Float64Array;
}

function changeOf(action: Action, view: PolicyView, model: EffectModel, posteriors: Posteriors): Change | null {
  const observations = model.observations(action, view);
  if (observations.length === 0) return null;
  const side = posteriors[model.familyOf(action)];
  const starts = model.startVariance(action, view);
  return {
    mean: Float64Array.from(observations, (seen, t) => predictChange(side[t]?.mean, seen)),
    variance: Float64Array.from(observations, (seen, t) => (side[t]?.variance(seen) ?? 0) + (starts[t] ?? 0)),
  };
}

/**
 * The child's aggregate score with a 95 % interval: posterior and noise, the tasks' regressions being independent, widened or
 * narrowed by how earlier predictions came out.
 * Null for a training on data that the model has no effect for.
 */
export function predict(action: Action, view: PolicyView, model: EffectModel, posteriors: Posteriors): Prediction | null {
  const change = changeOf(action, view, model, posteriors);
  if (change === null) return null;
  const tasks: Record<string, number> = {};
  let mean = 0;
  let variance = 0;
  for (const [t, start] of model.startScores(action, view).entries()) {
    const task = model.layout.tasks[t] ?? "";
    const weight = view.weights[task] ?? 0;
    const score = Math.min(1, Math.max(0, start + (change.mean[t] ?? 0)));
    tasks[task] = score;
    mean += weight * score;
    variance += weight * weight * ((change.variance[t] ?? 0) + observationNoise ** 2);
  }
  const half = z95 * Math.sqrt(variance) * model.calibration.factor;
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half), tasks };
}

/** Effects that a prediction rests on: the expected change of each task by this kind of action on this model, largest first. */
export function effectsUsed(action: Action, view: PolicyView, model: EffectModel, posteriors: Posteriors): EffectUsed[] {
  const change = changeOf(action, view, model, posteriors);
  if (change === null) return [];
  const trials = model.evidence.trials(action);
  const starts = model.startScores(action, view);
  const origin = isMerge(action.type) ? starts : model.state(action.models[0] ?? "", view).scores;
  return model.layout.tasks
    .map((task, t): EffectUsed => {
      const mean = (starts[t] ?? 0) - (origin[t] ?? 0) + (change.mean[t] ?? 0);
      const half = z95 * Math.sqrt(change.variance[t] ?? 0) * model.calibration.factor;
      return { name: `${evidenceName(action)} → ${task}`, mean, low: mean - half, high: mean + half, trials };
    })
    .toSorted((a, b) => Math.abs(b.mean) - Math.abs(a.mean));
}
