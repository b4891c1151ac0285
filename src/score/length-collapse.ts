import type { Evaluation } from "./evaluation.ts";

type AnswerLengths = Pick<Evaluation, "task" | "taskKey" | "score" | "medianOutputTokens" | "p90OutputTokens">;

/** Below this share of the parent's median length answers count as collapsed: what a lost chain of thought leaves. */
const shareLeft = 0.25;
/** Median length from which answers can collapse at all, in tokens: a choice or a number has no length to lose. */
const fewestTokens = 8;

/**
 * Tasks whose answers collapsed in length, with the numbers: their median is below a quarter of that of every parent,
 * nine in ten are shorter than the parent's median, and no more of them are right than with the best parent. Shorter
 * answers that are more often right are no collapse, and parents whose lengths are unknown say nothing.
 */
export function collapsedAnswers(child: readonly AnswerLengths[], parents: readonly (readonly AnswerLengths[])[]): string[] {
  return child.flatMap((own) => {
    const theirs = parents.map((parent) => parent.find(({ taskKey }) => taskKey === own.taskKey));
    const medians = theirs.map((parent) => parent?.medianOutputTokens ?? 0);
    if (medians.length === 0 || own.medianOutputTokens === null || own.p90OutputTokens === null) return [];
    const shortest = Math.min(...medians);
    const isShort = own.medianOutputTokens < shareLeft * shortest && own.p90OutputTokens < shortest;
    const isBetter = own.score > Math.max(...theirs.map((parent) => parent?.score ?? 0));
    if (shortest < fewestTokens || !isShort || isBetter) return [];
    return [
      `${own.task}: half of the answers have at most ${own.medianOutputTokens} tokens, where its parent's have ${shortest}, and no more of them are right`,
    ];
  });
}
