import type { Evaluation } from "./evaluation.ts";

/** Shares above which answers count as broken: no honest model of a usable task comes near them. */
const limits = { empty: 0.5, hitTokenLimit: 0.5, mostCommonOutput: 0.9 } as const;

const percent = (share: number) => `${Math.round(share * 100)} %`;

/**
 * Why a model's answers look broken, by task: mostly empty, cut off at the token limit, or the same words whatever is
 * asked (unless one answer is right that often). Empty when nothing is wrong. A high score can hide this on a task whose
 * right answers are one-sided, so it is a gate beside the score.
 */
export function degenerateAnswers(
  evaluations: readonly Pick<Evaluation, "task" | "empty" | "hitTokenLimit" | "mostCommonOutput" | "majority">[],
): string[] {
  return evaluations.flatMap(({ task, empty, hitTokenLimit, mostCommonOutput, majority }) => {
    const found: string[] = [];
    if (empty > limits.empty) found.push(`${task}: ${percent(empty)} of the answers are empty`);
    if (hitTokenLimit > limits.hitTokenLimit) found.push(`${task}: ${percent(hitTokenLimit)} of the answers are cut off at max_new_tokens`);
    if (empty <= limits.empty && mostCommonOutput > Math.max(limits.mostCommonOutput, (1 + majority) / 2)) {
      found.push(`${task}: ${percent(mostCommonOutput)} of the answers are the same words`);
    }
    return found;
  });
}
