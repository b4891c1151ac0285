import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PrepareReply } from "../../contract/prepare.ts";
import type { PrepareInputs } from "../../prepare/prepare-inputs.ts";
import { splits } from "#src/pool/objects.ts";

type Prepared = Extract<PrepareReply, { status: "ok" }>["metrics"];

const keyOf = (...parts: unknown[]) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 40);
/** Size of every scripted model and dataset. */
const parameters = 1000;
const rows = 1000;
const meanTokens = 20;

/** Registers whatever a config names, without looking at it: one architecture, a thousand rows, as many items as asked for. */
export function answerPrepare(inputs: PrepareInputs): Prepared {
  const folder = (kind: string, key: string) => {
    const path = join(inputs.cache_dir, kind, key);
    mkdirSync(path, { recursive: true });
    return path;
  };
  return {
    models: inputs.models.map(({ id, source }) => {
      const key = keyOf("model", source);
      const path = folder("models", key);
      return { id, key, path, architecture: "scripted", compatibility: "scripted", parameters, form: "full", revision: null };
    }),
    datasets: inputs.datasets.map(({ id, source, split, format }) => {
      const key = keyOf("dataset", source, split);
      const path = join(folder("datasets", key), "rows.jsonl");
      writeLines(path, rows);
      const overlap = { rows: { search: 0, confirm: 0, final: 0, any: 0 }, found: [], list: null };
      const known = format === "preference" || format === "unpaired_preference" || format === "messages" ? format : "prompt_completion";
      return { id, key, path, format: known, rows, skipped_rows: 0, mean_tokens: meanTokens, revision: null, overlap };
    }),
    tasks: inputs.tasks.map(({ id, source, split, task, items }) => {
      const key = keyOf("task", source, split, task, items);
      const path = folder("tasks", key);
      for (const name of splits) writeLines(join(path, `${name}.jsonl`), items[name]);
      const majority = { search: 0.1, confirm: 0.1, final: 0.1 };
      return { id, key, path, items, majority, longest_answer_tokens: 4 };
    }),
    problems: [],
  };
}

function writeLines(file: string, count: number) {
  if (!existsSync(file)) writeFileSync(file, "{}\n".repeat(count));
}
