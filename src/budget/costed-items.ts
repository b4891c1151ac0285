import type { RunConfig } from "../config/run-config.ts";

/** The tiny world's answers have at most so many tokens, and the prior's rate was measured on them. */
const tokensOfAnItem = 12;
/** lm-eval's items read prompts and choices of a length that only the harness knows. */
const tokensOfAnLmEvalItem = 120;

/**
 * Items of an evaluation as the cost model counts them: one whose answer may be ten times as long counts ten times. Without
 * it the first evaluation of a model that answers at length was stopped at its time limit.
 */
export function costedItems(tasks: RunConfig["tasks"], items: readonly { task: string; items: number }[]): number {
  return items.reduce((sum, { task, items: count }) => {
    const config = tasks[task];
    const tokens = config?.kind === "generate" ? config.max_new_tokens : tokensOfAnLmEvalItem;
    return sum + count * Math.max(1, tokens / tokensOfAnItem);
  }, 0);
}
