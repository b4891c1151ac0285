import { join } from "node:path";
import { batchKey, evaluationKey } from "#src/action/key.ts";
import { costedItems } from "#src/budget/costed-items.ts";
import type { TaskConfig } from "#src/config/run-config.ts";
import { TemperError } from "#src/errors.ts";
import type { RegisteredTask, Split } from "#src/pool/objects.ts";
import type { Run } from "#src/store/store.ts";
import type { JobSpecStep } from "./job-spec.ts";
import type { ModelRef } from "./model-ref.ts";

/** The step that evaluates a model on one split of all the run's tasks. Its key is that of the batch of evaluations. */
export function evaluateStep(run: Run, model: ModelRef, parameters: number, split: Split): JobSpecStep {
  const counts = run.tasks.map((task) => ({ task: task.id, items: task.items[split] }));
  return {
    name: "evaluate",
    script: "evaluate",
    key: batchKey(run.tasks.map((task) => evaluationKey(model.key, task.key, split))),
    seed: 0,
    inputs: { model, split, tasks: run.tasks.map((task) => evaluationTask(task, configOf(run, task), split)) },
    settings: {},
    publish: false,
    work: parameters * costedItems(run.config.tasks, counts),
  };
}

function configOf(run: Run, task: RegisteredTask): TaskConfig {
  const config = run.config.tasks[task.id];
  if (config === undefined) throw new TemperError("not_found", `Run ${run.name} has no task ${task.id} in its config.`, { task: task.id });
  return config;
}

function evaluationTask(task: RegisteredTask, config: TaskConfig, split: Split) {
  const items_path = join(task.path, `${split}.jsonl`);
  const { id, key } = task;
  if (config.kind === "lm_eval") {
    const { metric, batch_size, include_path = null, num_fewshot = null } = config;
    return { kind: config.kind, id, key, task: config.task, include_path, metric, items_path, num_fewshot, batch_size };
  }
  const { verifier, max_new_tokens, few_shot, batch_size } = config;
  return {
    kind: config.kind,
    id,
    key,
    items_path,
    verifier,
    max_new_tokens,
    few_shot,
    few_shot_path: few_shot > 0 ? join(task.path, "train.jsonl") : null,
    // The script uses the template when the tokenizer has one; only an explicit false forbids it.
    chat_template: config.chat_template ?? true,
    batch_size,
  };
}
