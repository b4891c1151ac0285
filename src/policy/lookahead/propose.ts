import { type Action, isMerge } from "../../action/action.ts";
import { describeAction } from "../../action/describe-action.ts";
import type { PolicyView, Proposal } from "../policy.ts";
import type { EffectModel } from "./effect-model.ts";
import { explainChoice } from "./explain-choice.ts";
import type { Posteriors } from "./posteriors.ts";
import { effectsUsed, predict } from "./predict.ts";
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
/** By so much the means must prefer another candidate for the choice to count as exploring. */
const disagreement = 0.01;

/** The candidate of the largest value, with everything that explains it later. */
export function proposeBest({ view, model, posteriors, candidates, drawn, meant }: ProposeInput): Proposal | null {
  const wishes = candidates.map(({ action }) => wishFor(action, view, model.evidence));
  const values = wishes.map((wish, index) => wish + (drawn.outlooks[index]?.value ?? 0));
  const meanValues = wishes.map((wish, index) => wish + (meant.outlooks[index]?.value ?? 0));
  const order = byValue(values);
  const [chosen] = order;
  const [byMean] = byValue(meanValues);
  const action = candidates[chosen ?? -1]?.action;
  const alternative = candidates[byMean ?? -1]?.action;
  if (chosen === undefined || byMean === undefined || action === undefined || alternative === undefined) return null;
  const isSurprising = (meanValues[byMean] ?? 0) - (meanValues[chosen] ?? 0) > disagreement;
  const mode = isSurprising ? "explore" : isMerge(action.type) ? "combine" : "exploit";
  const kept = order.slice(0, candidatesKept).flatMap((index) => {
    const candidate = candidates[index]?.action;
    return candidate === undefined
      ? []
      : [{ action: candidate, value: values[index] ?? null, prediction: predict(candidate, view, model, posteriors) }];
  });
  const effects = effectsUsed(action, view, model, posteriors);
  const next = continuation(drawn, chosen, model);
  const byMeans = { action: alternative, prediction: predict(alternative, view, model, posteriors) };
  return {
    action,
    candidates: kept,
    candidatesConsidered: candidates.length,
    shownOrder: null,
    mode,
    reason: explainChoice({ action, view, prediction: kept[0]?.prediction ?? null, effects, mode, next, byMeans }),
    evidence: evidenceOf(action, view, model),
    effects,
    next,
    chosenBy: "lookahead",
    notes: [],
  };
}

/** Indices in falling order of value; of equals the first. */
function byValue(values: readonly number[]): number[] {
  return Array.from(values.keys()).toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** The trainings that a candidate's value counts on. */
function continuation(ranking: Ranking, index: number, model: EffectModel): Proposal["next"] {
  return (ranking.outlooks[index]?.path ?? []).flatMap((step) => {
    const group = model.layout.groups[ranking.steps[step]?.group ?? -1];
    return group === undefined ? [] : [{ type: group.type, datasets: [group.dataset.id] }];
  });
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
