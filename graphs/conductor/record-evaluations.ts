import { ContractError } from "#src/errors.ts";
import type { Split } from "#src/pool/objects.ts";
import { degenerateAnswers } from "#src/score/degenerate.ts";
import { readEvaluation } from "#src/service/record-evaluation.ts";
import type { Run } from "#src/store/store.ts";
import type { OkEvaluateReply } from "#tools/contract/replies.ts";
import type { DiscoveryContext } from "../discovery/context.ts";

/**
 * Stores an evaluation reply: one row for each task of the run, known ones stay as they are.
 * @returns what people should know of it: the script's warnings, and what looks broken in the answers.
 * @throws ContractError when the reply lacks a task or holds what is no score.
 */
export async function recordEvaluations(
  { store, now }: Pick<DiscoveryContext, "store" | "now">,
  run: Run,
  modelKey: string,
  split: Split,
  reply: OkEvaluateReply,
): Promise<string[]> {
  const results = run.tasks.map((task) => {
    const result = reply.metrics.tasks.find((candidate) => candidate.id === task.id);
    if (result === undefined) throw new ContractError(`The evaluation's reply lacks task ${task.id}.`, { modelKey, split });
    return readEvaluation({ modelKey, task, split, result, now: now() });
  });
  await store.evaluations.putAll(results);
  const broken = degenerateAnswers(results.map(({ evaluation }) => evaluation));
  return [...reply.warnings, ...(broken.length === 0 ? [] : [`Its answers look broken: ${broken.join("; ")}.`])];
}
