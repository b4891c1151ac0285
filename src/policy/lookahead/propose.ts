import { type Action, isMerge } from "../../action/action.ts";
import { plannedSteps } from "../../action/planned-steps.ts";
import { formatScore } from "../../memory/format-score.ts";
import { describeBelowBase, parentsBelowBase } from "../below-base.ts";
import type { PolicyView, Prediction, Proposal } from "../policy.ts";
import type { ColdStart } from "./cold-start.ts";
import type { EffectModel } from "./effect-model.ts";
import { explainChoice } from "./explain-choice.ts";
import type { Posteriors } from "./posteriors.ts";
import type { Purse } from "./purse.ts";
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
  /** A model's score by the ranking's weights, and that of the pool's best. */
  rankedBy(id: string): number;
  best: number;
  purse: Purse;
}

const candidatesKept = 20;
/** By so much the means must prefer another candidate for the choice to count as exploring. */
const disagreement = 0.01;

/** The candidate of the largest value, with everything that explains it later. */
export function proposeBest(input: ProposeInput): Proposal | null {
  const { view, model, posteriors, candidates, drawn, meant } = input;
  const wishes = candidates.map(({ action }) => wishFor(action, view, model.evidence));
  const values = wishes.map((wish, index) => wish + (drawn.outlooks[index]?.worth ?? 0));
  const meanValues = wishes.map((wish, index) => wish + (meant.outlooks[index]?.worth ?? 0));
  const sound = soundCandidates(input);
  const order = byValue(values, sound);
  const [chosen] = order;
  const [byMean] = byValue(meanValues, sound);
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
  const next = continuation(drawn, chosen);
  const byMeans = { action: alternative, prediction: predict(alternative, view, model, posteriors) };
  return {
    action,
    candidates: kept,
    candidatesConsidered: candidates.length,
    shownOrder: null,
    mode,
    reason: `${explainChoice({ action, view, prediction: kept[0]?.prediction ?? null, effects, mode, next, byMeans })}${whyCost(input, action)}${whyBelowBase(input, chosen)}${whyBelowFloor(kept[0]?.prediction ?? null, next, view)}`,
    evidence: evidenceOf(action, view, model),
    effects,
    next,
    chosenBy: "lookahead",
    notes: [],
  };
}

/** What a candidate and what may follow it are predicted to reach at best, by the draw that decides. */
function outlookOf({ drawn, best }: ProposeInput, index: number): number {
  return best + (drawn.outlooks[index]?.value ?? 0);
}

/**
 * Candidates that build on no model below its base, or are predicted to come out above it; all where none is. A lineage
 * that fell is not gone on with for its own sake.
 */
function soundCandidates(input: ProposeInput): number[] {
  const { view, candidates, rankedBy } = input;
  const all = Array.from(candidates.keys());
  const sound = all.filter((index) =>
    parentsBelowBase(candidates[index]?.action ?? { models: [] }, view).every(
      (id) => outlookOf(input, index) >= rankedBy(view.modelsById.get(id)?.base ?? ""),
    ),
  );
  return sound.length > 0 ? sound : all;
}

/** What merges and low fidelity have to do with the choice, and what it costs, where that decided. */
function whyCost({ view, model, purse }: ProposeInput, action: Action): string {
  const sentences = [
    model.proxies.describe(action),
    model.low.describePromotion(action),
    purse.describe(plannedSteps(action, view.datasets)),
  ];
  return sentences.map((sentence) => (sentence === null ? "" : ` ${sentence}`)).join("");
}

/** Why a model below its base is built on all the same. */
function whyBelowBase(input: ProposeInput, chosen: number): string {
  const { view, candidates } = input;
  const below = parentsBelowBase(candidates[chosen]?.action ?? { models: [] }, view);
  if (below.length === 0) return "";
  return ` ${describeBelowBase(below, view)}, but with what may follow ${formatScore(outlookOf(input, chosen))} is in reach.`;
}

/** Floors that the model is predicted to break, and what is hoped for all the same. */
function whyBelowFloor(prediction: Prediction | null, next: Proposal["next"], view: PolicyView): string {
  const short = view.tasks.filter((task) => (prediction?.tasks[task] ?? 1) < (view.floors[task] ?? 0));
  if (short.length === 0) return "";
  const told = short.map((task) => `${task} ${formatScore(prediction?.tasks[task] ?? 0)} below ${formatScore(view.floors[task] ?? 0)}`);
  const hope = next.length === 0 ? "it is tried for what it teaches" : "what may follow can repair it";
  return ` It is predicted to break a floor (${told.join(", ")}); ${hope}.`;
}

/** These indices in falling order of value; of equals the first. */
function byValue(values: readonly number[], indices: readonly number[]): number[] {
  return indices.toSorted((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
}

/** The trainings that a candidate's value counts on. */
function continuation(ranking: Ranking, index: number): Proposal["next"] {
  return (ranking.outlooks[index]?.path ?? []).flatMap((place) => {
    const step = ranking.steps[place];
    return step === undefined ? [] : [{ type: step.type, datasets: [...step.datasets] }];
  });
}

/** A step of the cold start: nothing is ranked. */
export function proposeColdStart(
  { action, reason, evidence }: ColdStart,
  view: PolicyView,
  model: EffectModel,
  posteriors: Posteriors,
): Proposal {
  const prediction = predict(action, view, model, posteriors);
  return {
    action,
    candidates: [{ action, value: null, prediction }],
    candidatesConsidered: 1,
    shownOrder: null,
    mode: "cold-start",
    reason,
    evidence,
    effects: [],
    next: [],
    chosenBy: "lookahead",
    notes: [],
  };
}

/** Trials that speak for the action, and those that made its parents. */
function evidenceOf(action: Action, view: PolicyView, model: EffectModel): number[] {
  const makers = action.models.flatMap((id) => model.trialOf(id, view) ?? []);
  return [...new Set([...model.evidence.trials(action), ...model.proxies.trials(action), ...makers])].toSorted((a, b) => a - b);
}
