import type { Action } from "../../action/action.ts";
import { canonicalAction } from "../../action/canonical-action.ts";
import { assumedNoise } from "../../memory/experience.ts";
import { formatChange } from "../../memory/format-score.ts";
import type { PolicyView } from "../policy.ts";
import type { EffectModel } from "./effect-model.ts";

/** A mixture of what helped each task most, and the trials that showed it. */
export interface ChampionsMixture {
  action: Action;
  trials: number[];
  /** `math (math +.389)` for each dataset. */
  reasons: string[];
}

/**
 * One full SFT of a base on the datasets that alone raised each task most, beyond the noise. Training on them together often
 * keeps what each of them alone forgets. Null when fewer than two datasets raise anything, or the space does not have it.
 */
export function championsMixture(base: string, model: EffectModel, view: PolicyView): ChampionsMixture | null {
  const before = model.state(base, view).scores;
  const noise = view.noiseFloor ?? assumedNoise;
  const gains = new Map<string, { gain: number; task: string; change: number; trial: number | null }>();
  for (const [t, task] of view.tasks.entries()) {
    let best: { dataset: string; change: number; trial: number | null } | null = null;
    for (const [dataset, probe] of model.probed) {
      if (probe === null || probe.base !== base) continue;
      const change = (model.state(probe.model, view).scores[t] ?? 0) - (before[t] ?? 0);
      if (change > (best?.change ?? noise)) best = { dataset, change, trial: model.trialOf(probe.model, view) };
    }
    if (best === null) continue;
    const gain = best.change * (view.weights[task] ?? 0);
    const known = gains.get(best.dataset);
    if (known === undefined || gain > known.gain) gains.set(best.dataset, { gain, task, change: best.change, trial: best.trial });
  }
  const chosen = [...gains].toSorted(([, a], [, b]) => b.gain - a.gain).slice(0, view.space.mostDatasets);
  if (chosen.length < 2) return null;
  const datasets = chosen.map(([dataset]) => dataset);
  const action = fullTraining(base, datasets, model, view);
  if (action === null) return null;
  const trials = chosen.flatMap(([, { trial }]) => trial ?? []).toSorted((a, b) => a - b);
  return { action, trials, reasons: chosen.map(([dataset, { task, change }]) => `${dataset} (${task} ${formatChange(change)})`) };
}

/** The untried full SFT of a base on these datasets whose setting did best alone; null when there is none. */
function fullTraining(base: string, datasets: readonly string[], model: EffectModel, view: PolicyView): Action | null {
  const first = view.datasets.find(({ id }) => id === datasets[0]);
  if (first === undefined) return null;
  for (const setting of model.layout.scale("sft")?.full(view.space.settings("sft"), first) ?? []) {
    const action = canonicalAction({
      type: "sft",
      models: [base],
      datasets: [...datasets],
      setting,
      seed: 0,
      fidelity: view.plan.fidelity,
    });
    if (view.space.check(action).valid) return action;
  }
  return null;
}
