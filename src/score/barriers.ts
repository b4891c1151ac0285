import { degenerateAnswers } from "./degenerate.ts";
import type { Evaluation, TaskWeight } from "./evaluation.ts";
import { floorsMet } from "./floors.ts";
import { collapsedAnswers } from "./length-collapse.ts";

/** What a model is judged by: its evaluations on one split, and those of what it is held against. */
export interface JudgedModel {
  /** Gates are for what a trial made: a base passes them. */
  isBase: boolean;
  /** What the did-it-learn check said; null where it was not asked. */
  learnt: boolean | null;
  own: readonly Evaluation[];
  /** One list for each parent. */
  parents: readonly (readonly Evaluation[])[];
  /** Of the base that its floors go by. */
  base: readonly Evaluation[];
}

/** Something that keeps a model from winning. */
export interface Barrier {
  /** `math .510 is below its floor .600`, `it trained without learning`. */
  text: string;
  /** The task whose floor is broken; null for a gate. */
  floor: string | null;
}

const scoresOf = (evaluations: readonly Evaluation[]) => Object.fromEntries(evaluations.map(({ task, score }) => [task, score]));

/** Everything that keeps a model from winning: floors that it breaks, and gates that it does not pass. Empty when it may win. */
export function barriersOf({ isBase, learnt, own, parents, base }: JudgedModel, weights: readonly TaskWeight[]): Barrier[] {
  const scores = scoresOf(own);
  const baseScores = scoresOf(base);
  const items = Object.fromEntries(own.map((evaluation) => [evaluation.task, evaluation.items]));
  const floors = weights.flatMap((weight) =>
    floorsMet(scores, [weight], baseScores, items).broken.map((text): Barrier => ({ text, floor: weight.task })),
  );
  if (isBase) return floors;
  const gates = [
    ...(learnt === false ? ["it trained without learning"] : []),
    ...degenerateAnswers(own),
    ...collapsedAnswers(own, parents),
  ];
  return [...floors, ...gates.map((text) => ({ text, floor: null }))];
}
