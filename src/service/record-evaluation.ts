import { evaluationKey } from "../action/key.ts";
import { ContractError } from "../errors.ts";
import type { RegisteredTask, Split } from "../pool/objects.ts";
import type { Evaluation, EvaluationResult } from "../score/evaluation.ts";
import type { Store } from "../store/store.ts";

/** One task of an evaluation's reply. */
export interface TaskOutcome {
  key: string;
  items: number;
  strict: readonly number[];
  lenient: readonly number[];
  majority: number;
  hit_token_limit: number;
  empty: number;
  most_common_output: number;
  output_tokens?: { median: number; p90: number } | undefined;
}

interface NewEvaluation {
  modelKey: string;
  task: Pick<RegisteredTask, "id" | "key">;
  split: Split;
  result: TaskOutcome;
  now?: Date;
}

/**
 * Stores how a model did on one split of a task, with the outcome of every item; a known result is kept as it is.
 * @throws ContractError as `readEvaluation` does.
 */
export async function recordEvaluation(store: Store, added: NewEvaluation): Promise<Evaluation> {
  const { evaluation, outcomes } = readEvaluation(added);
  await store.evaluations.put(evaluation, outcomes);
  return evaluation;
}

/**
 * What is stored of one task of a reply.
 * @throws ContractError when the result is of another task, misses items or holds something that is no number.
 */
export function readEvaluation({ modelKey, task, split, result, now = new Date() }: NewEvaluation): EvaluationResult {
  checkResult(task, split, result);
  const strict = Float32Array.from(result.strict);
  const lenient = Float32Array.from(result.lenient);
  const evaluation: Evaluation = {
    key: evaluationKey(modelKey, task.key, split),
    modelKey,
    task: task.id,
    taskKey: task.key,
    split,
    items: result.items,
    score: mean(result.strict),
    lenient: mean(result.lenient),
    majority: result.majority,
    hitTokenLimit: result.hit_token_limit,
    empty: result.empty,
    mostCommonOutput: result.most_common_output,
    medianOutputTokens: result.output_tokens?.median ?? null,
    p90OutputTokens: result.output_tokens?.p90 ?? null,
    createdAt: now.toISOString(),
  };
  return { evaluation, outcomes: { evaluationKey: evaluation.key, strict, lenient } };
}

function checkResult(task: NewEvaluation["task"], split: Split, { key, items, strict, lenient }: TaskOutcome) {
  const place = `Task ${task.id}, ${split}`;
  if (key !== task.key)
    throw new ContractError(`${place}: the result is of another version of the task. Evaluate again.`, { task: task.id, key });
  if (strict.length !== items || lenient.length !== items || items === 0) {
    throw new ContractError(`${place}: ${items} items, but ${strict.length} strict and ${lenient.length} lenient outcomes.`, {
      task: task.id,
    });
  }
  if ([...strict, ...lenient].some((outcome) => !Number.isFinite(outcome))) {
    throw new ContractError(`${place}: an outcome is no number (NaN or infinite), so the model has no score. Check the task's metric.`, {
      task: task.id,
    });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
