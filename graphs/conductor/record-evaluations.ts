import { ContractError } from "#src/errors.ts";
import type { Split } from "#src/pool/objects.ts";
import { recordEvaluation } from "#src/service/record-evaluation.ts";
import type { Run } from "#src/store/store.ts";
import type { OkEvaluateReply } from "#tools/contract/replies.ts";
import type { DiscoveryContext } from "../discovery/context.ts";

/**
 * Stores an evaluation reply: one row for each task of the run, known ones stay as they are.
 * @throws ContractError when the reply lacks a task or holds what is no score.
 */
export async function recordEvaluations(
  { store, now }: Pick<DiscoveryContext, "store" | "now">,
  run: Run,
  modelKey: string,
  split: Split,
  reply: OkEvaluateReply,
): Promise<void> {
  await store.transaction(async (inside) => {
    for (const task of run.tasks) {
      const result = reply.metrics.tasks.find((candidate) => candidate.id === task.id);
      if (result === undefined) throw new ContractError(`The evaluation's reply lacks task ${task.id}.`, { modelKey, split });
      await recordEvaluation(inside, { modelKey, task, split, result, now: now() });
    }
  });
}
