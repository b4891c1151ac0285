import { join } from "node:path";
import type { z } from "zod";
import type { RunConfig, TaskConfig } from "#src/config/run-config.ts";
import type { KnownObjects } from "#src/pool/known-objects.ts";
import type { prepareRequestSchema } from "../contract/prepare.ts";

export type PrepareInputs = z.infer<typeof prepareRequestSchema>["inputs"];

/**
 * What the `prepare` script is asked for, from a config whose local paths are absolute.
 * @param known what the run has already that these objects join.
 */
export function prepareInputs(config: RunConfig, home: string, offline: boolean, known?: KnownObjects): PrepareInputs {
  return {
    cache_dir: join(home, "cache"),
    models: Object.entries(config.models).map(([id, { path, revision = null }]) => ({ id, source: { path, revision } })),
    datasets: Object.entries(config.datasets).map(([id, { path, revision = null, split = null, format, columns, on_bad_rows }]) => ({
      id,
      source: { path, revision },
      split,
      format,
      columns,
      on_bad_rows,
    })),
    tasks: Object.entries(config.tasks).map(([id, task]) => taskInput(id, task)),
    offline,
    ...(known === undefined ? {} : { known: { datasets: known.datasets, tasks: known.tasks } }),
  };
}

function taskInput(id: string, task: TaskConfig): PrepareInputs["tasks"][number] {
  const { kind, items } = task;
  if (task.kind === "lm_eval") {
    const { include_path = null, num_fewshot = 0 } = task;
    // What lm-eval brings itself: documents, verifier and generation settings.
    const own = { source: null, split: null, columns: {}, verifier: null, max_new_tokens: 1 };
    return { id, kind, ...own, few_shot: num_fewshot, task: task.task, include_path, items };
  }
  const { path, revision = null, split = null, columns, verifier, max_new_tokens, few_shot } = task;
  return {
    id,
    kind,
    source: { path, revision },
    split,
    columns,
    verifier,
    max_new_tokens,
    few_shot,
    task: null,
    include_path: null,
    items,
  };
}
