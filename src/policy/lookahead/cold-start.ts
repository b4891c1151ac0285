import type { Action } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import { citeTrials } from "../../memory/cite-trials.ts";
import { plannedSteps } from "../../action/planned-steps.ts";
import type { PoolModel } from "../../pool/objects.ts";
import type { PolicyView } from "../policy.ts";
import type { Rng } from "../rng.ts";
import { assumedNoise } from "../../memory/experience.ts";
import { formatChange } from "../../memory/format-score.ts";
import { championsMixture } from "./champions.ts";
import type { EffectModel } from "./effect-model.ts";
import { firstProgress } from "./first-progress.ts";

/** Cold start may take this share of the run's chosen trials, and of its steps; with very many datasets the rest is left to the search. */
const shareOfBudget = 1 / 3;

export interface ColdStartInput {
  view: PolicyView;
  model: EffectModel;
  /** Aggregate score of a model of the pool. */
  aggregate(id: string): number;
}

/** A step of the cold start, why it is taken, and the trials that this rests on. */
export interface ColdStart {
  action: Action;
  reason: string;
  evidence: number[];
}

/**
 * The next of: one full SFT of a base on each dataset that no trial has shown alone yet, in random order (policy study,
 * step 5), then one on the mixture of those that helped; then preference sets where a task stands still, and that mixture
 * again while it gains. Baselines and trials under way count as shown. Null when the cold start is over.
 */
export function coldStart({ view, model, aggregate }: ColdStartInput, rng: Rng): ColdStart | null {
  const underWay = view.pending.flatMap(({ action }) => model.probe(action, view) ?? []);
  const shown = new Set([...model.probed.keys(), ...underWay]);
  const bases = view.models.filter((candidate) => candidate.depth === 0 && view.scores.has(candidate.id));
  const ranked = bases.toSorted((a, b) => aggregate(b.id) - aggregate(a.id));
  const isAllowed = shown.size < shareOfBudget * (view.budget.trialsDone + view.budget.trialsLeft);
  const action = isAllowed ? unshown(shown, ranked, { view, model }, rng) : null;
  if (action !== null) {
    const sets = model.layout.groups.filter(({ type }) => type === "sft").length;
    const reason = `Cold start: ${describeAction(action)} shows what ${action.datasets.join(" and ")} does alone; no trial has shown it yet, ${model.probed.size} of ${sets} datasets are known so far.`;
    return { action, reason, evidence: [] };
  }
  if (underWay.length > 0) return null;
  return mixtureOfChampions(ranked, { view, model }) ?? afterThat({ view, model, aggregate }, ranked);
}

/** What depends on how the first trainings came out. */
function afterThat(input: ColdStartInput, [base]: readonly PoolModel[]): ColdStart | null {
  const { view, model, aggregate } = input;
  const { trialsDone, trialsLeft } = view.budget;
  // The last decision of a stretch belongs to the plan.
  if (trialsDone >= shareOfBudget * (trialsDone + trialsLeft) || view.decision >= view.plan.until) return null;
  const [leader] = view.models.filter(({ id }) => view.scores.has(id)).toSorted((a, b) => aggregate(b.id) - aggregate(a.id));
  if (base === undefined || leader === undefined) return null;
  const isAllowed = (action: Action) => view.space.check(action).valid && isPaid(action, view);
  return firstProgress({ view, model, base, leader, isAllowed }) ?? again(input, leader);
}

function unshown(
  shown: ReadonlySet<string>,
  ranked: readonly PoolModel[],
  { view, model }: Pick<ColdStartInput, "view" | "model">,
  rng: Rng,
): Action | null {
  for (const { type, dataset } of rng.shuffle(model.layout.groups)) {
    if (type !== "sft" || shown.has(dataset.id)) continue;
    const full = model.layout.scale(type)?.full(view.space.settings(type, 1), dataset) ?? [];
    for (const base of ranked) {
      for (const setting of full) {
        const action: Action = { type, models: [base.id], datasets: [dataset.id], setting, seed: 0, fidelity: view.plan.fidelity };
        if (view.space.check(action).valid && isPaid(action, view)) return action;
      }
    }
  }
  return null;
}

/** Whether a step of the cold start fits into its share of the steps, where they are capped. */
function isPaid(action: Action, { budget: { steps }, datasets }: PolicyView): boolean {
  return steps === null || steps.done + plannedSteps(action, datasets) <= shareOfBudget * (steps.done + steps.left);
}

/** Once for each base, and only while no trial has shown that mixture. */
function mixtureOfChampions(ranked: readonly PoolModel[], { view, model }: Pick<ColdStartInput, "view" | "model">): ColdStart | null {
  for (const base of ranked) {
    const found = championsMixture(base.id, model, view);
    if (found === null || model.mixture(found.action) !== null || view.pending.some(({ action }) => sameData(action, found.action)))
      continue;
    if (view.budget.steps !== null && plannedSteps(found.action, view.datasets) > view.budget.steps.left) continue;
    const { action, trials, reasons } = found;
    const reason = `Cold start: ${describeAction(action)} mixes the datasets that alone raised each task most: ${reasons.join(", ")} (${citeTrials(trials)}). Together they may keep what each of them alone forgets.`;
    return { action, reason, evidence: trials };
  }
  return null;
}

/**
 * Once more what made the best model, on that model, where it was a training on several datasets that gained more than the
 * noise: one short training on good data seldom is all that they can give.
 */
function again({ view, model, aggregate }: ColdStartInput, best: PoolModel): ColdStart | null {
  const maker = view.trials.findLast((trial) => trial.model === best.id);
  if (maker === undefined || model.mixture(maker.action) === null) return null;
  const [parent] = maker.action.models;
  const gain = aggregate(best.id) - aggregate(parent ?? "");
  if (parent === undefined || gain <= (view.noiseFloor ?? assumedNoise)) return null;
  const action: Action = { ...maker.action, models: [best.id], seed: 0, fidelity: view.plan.fidelity };
  if (!view.space.check(action).valid || !isPaid(action, view)) return null;
  const reason = `Cold start: ${describeAction(action)} does once more what made ${best.id}, the best so far: that gained ${formatChange(gain)} over ${parent} (${citeTrials([maker.number])}), and it may not be all that these data can give.`;
  return { action, reason, evidence: [maker.number] };
}

function sameData(a: Action, b: Action): boolean {
  return a.type === b.type && a.datasets.toSorted().join() === b.datasets.toSorted().join();
}
