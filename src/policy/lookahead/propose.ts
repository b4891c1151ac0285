import { type Action, isMerge } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import type { PolicyView, Proposal } from "../policy.ts";
import type { EffectModel } from "./effect-model.ts";
import { explainChoice } from "./explain-choice.ts";
import { effectsUsed, type Posteriors, predict } from "./predict.ts";
import type { Candidate, Ranking } from "./rank.ts";
import { wishFor } from "./wishes.ts";

export interface ProposeInput {
  view: PolicyView;
  model: EffectModel;
  posteriors: Posteriors;
  candidates: readonly Candidate[];
  /** Under the Thompson draw: what decides. */
  drawn: Ranking;
  /** Under the posterior means: what tells exploring from exploiting. */
  meant: Ranking;
}

const candidatesKept = 20;

/** The candidate of the largest value, with everything that explains it later. */
export function proposeBest({ view, model, posteriors, candidates, drawn, meant }: ProposeInput): Proposal | null {
  const wishes = candidates.map(({ action }) => wishFor(action, view, model.evidence));
  const values = drawn.outlooks.map((outlook, index) => outlook.value + (wishes[index] ?? 0));
  const order = Array.from(values.keys()).toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
  const byMean = Array.from(values.keys()).reduce((best, index) => (meanValue(index) > meanValue(best) ? index : best), 0);
  function meanValue(index: number): number {
    return (meant.outlooks[index]?.value ?? 0) + (wishes[index] ?? 0);
  }
  const chosen = order[0];
  const action = chosen === undefined ? undefined : candidates[chosen]?.action;
  if (chosen === undefined || action === undefined) return null;
  const prediction = predict(action, view, model, posteriors);
  const effects = effectsUsed(action, view, model, posteriors);
  const mode = chosen !== byMean ? "explore" : isMerge(action.type) ? "combine" : "exploit";
  const next = (drawn.outlooks[chosen]?.path ?? []).flatMap((step) => {
    const group = model.layout.groups[drawn.steps[step]?.group ?? -1];
    return group === undefined ? [] : [{ type: group.type, datasets: [group.dataset.id] }];
  });
  const alternative = candidates[byMean]?.action ?? action;
  return {
    action,
    candidates: order.slice(0, candidatesKept).flatMap((index) => {
      const candidate = candidates[index]?.action;
      return candidate === undefined
        ? []
        : [{ action: candidate, value: values[index] ?? null, prediction: predict(candidate, view, model, posteriors) }];
    }),
    candidatesConsidered: candidates.length,
    shownOrder: null,
    mode,
    reason: explainChoice({
      action,
      view,
      prediction,
      effects,
      mode,
      next,
      byMean: { action: alternative, prediction: predict(alternative, view, model, posteriors) },
    }),
    evidence: evidenceOf(action, view, model),
    effects,
    next,
    chosenBy: "lookahead",
    notes: [],
  };
}

/** The first look at a dataset: nothing is ranked. */
export function proposeColdStart(action: Action, view: PolicyView, model: EffectModel, posteriors: Posteriors): Proposal {
  const prediction = predict(action, view, model, posteriors);
  return {
    action,
    candidates: [{ action, value: null, prediction }],
    candidatesConsidered: 1,
    shownOrder: null,
    mode: "cold-start",
    reason: `Cold start: ${describeAction(action)} shows what ${action.datasets.join(" and ")} does alone; no trial has shown it yet, ${model.probed.size} of ${model.layout.groups.filter(({ type }) => type === "sft").length} datasets are known so far.`,
    evidence: [],
    effects: [],
    next: [],
    chosenBy: "lookahead",
    notes: [],
  };
}

/** Trials that speak for the action, and those that made its parents. */
function evidenceOf(action: Action, view: PolicyView, model: EffectModel): number[] {
  const makers = action.models.flatMap((id) => model.trialOf(id, view) ?? []);
  return [...new Set([...model.evidence.trials(action), ...makers])].toSorted((a, b) => a - b);
}
