import { ContractError } from "#src/errors.ts";
import type { Split } from "#src/pool/objects.ts";
import { degenerateAnswers } from "#src/score/degenerate.ts";
import type { Evaluation } from "#src/score/evaluation.ts";
import { recordEvaluation } from "#src/service/record-evaluation.ts";
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
  return await store.transaction(async (inside) => {
    const evaluations: Evaluation[] = [];
    for (const task of run.tasks) {
      const result = reply.metrics.tasks.find((candidate) => candidate.id === task.id);
      if (result === undefined) throw new ContractError(`The evaluation's reply lacks task ${task.id}.`, { modelKey, split });
      evaluations.push(await recordEvaluation(inside, { modelKey, task, split, result, now: now() }));
    }
    const broken = degenerateAnswers(evaluations);
    return [...reply.warnings, ...(broken.length === 0 ? [] : [`Its answers look broken: ${broken.join("; ")}.`])];
  });
}
