import type { Action } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import { citeTrials } from "../../memory/cite-trials.ts";
import { assumedNoise } from "../../memory/experience.ts";
import { formatScore } from "../../memory/format-score.ts";
import type { PoolModel } from "../../pool/objects.ts";
import type { PolicyView } from "../policy.ts";
import type { ColdStart } from "./cold-start.ts";
import type { EffectModel } from "./effect-model.ts";

/** A task whose base scores more than this has little to gain, and counts as no task without progress. */
const nearlySolved = 0.9;
/** Less than this share of what is missing is no progress yet: it is easily luck, and nothing to build on. */
const leastProgress = 0.1;

export interface FirstProgressInput {
  view: PolicyView;
  model: EffectModel;
  base: PoolModel;
  /** The model in front; often the base itself. */
  leader: PoolModel;
  isAllowed(action: Action): boolean;
}

/**
 * Where single SFTs leave a task where it was, gains of single steps say nothing of it, and a search that goes by them
 * stays with the tasks that do move. So every preference set is trained on in full, on the base and then on the model in
 * front: the one kind of data that the cold start has not shown. Null where every task with room has moved, or that was done.
 */
export function firstProgress({ view, model, base, leader, isAllowed }: FirstProgressInput): ColdStart | null {
  const task = view.tasks.find((each) => standsStill(each, base.id, view));
  if (task === undefined) return null;
  for (const start of new Set([base, leader])) {
    for (const { type, dataset } of model.layout.groups) {
      if (type === "sft") continue;
      const [setting] = model.layout.scale(type)?.full(view.space.settings(type, 1), dataset) ?? [];
      if (setting === undefined) continue;
      const action: Action = { type, models: [start.id], datasets: [dataset.id], setting, seed: 0, fidelity: view.plan.fidelity };
      if (!isAllowed(action)) continue;
      const evidence = [...model.probed.values()].flatMap((probe) => (probe === null ? [] : (model.trialOf(probe.model, view) ?? [])));
      const reason = `Cold start: no model has raised ${task} much above ${base.id}'s ${formatScore(view.scores.get(base.id)?.[task] ?? 0)} yet (${citeTrials(evidence)}); ${describeAction(action)} shows what preferences do where single SFTs do nothing.`;
      return { action, reason, evidence };
    }
  }
  return null;
}

/** Whether a task has room, and no model is ahead of the base by more than the noise and a tenth of that room. */
function standsStill(task: string, base: string, view: PolicyView): boolean {
  const start = view.scores.get(base)?.[task] ?? 0;
  const best = Math.max(...[...view.scores.values()].map((scores) => scores[task] ?? 0));
  return start < nearlySolved && best - start <= Math.max(view.noiseFloor ?? assumedNoise, leastProgress * (1 - start));
}
