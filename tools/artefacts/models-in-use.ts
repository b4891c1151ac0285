import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import type { Store } from "#src/store/store.ts";
import { modelRefSchema } from "../contract/common.ts";
import { parseContract, readIfThere, stepDirectory } from "../jobs/attempt-files.ts";

const requestSchema = z.looseObject({ inputs: z.record(z.string(), z.unknown()) });

/** Keys of the models that live jobs load, also jobs that still wait in a queue. */
export async function modelsInUse(store: Store): Promise<Set<string>> {
  const keys = new Set<string>();
  for (const { directory } of await store.jobs.live()) {
    for (const step of await readdir(join(directory, "steps")).catch(() => [])) {
      const file = join(stepDirectory(directory, step), "request.json");
      const content = await readIfThere(file);
      if (content === null) continue;
      for (const input of Object.values(parseContract(content, requestSchema, file).inputs)) addKeys(input, keys);
    }
  }
  return keys;
}

/** Models that were made stand in directories named by their keys. */
function addKeys(input: unknown, keys: Set<string>): void {
  for (const value of Array.isArray(input) ? input : [input]) {
    const model = modelRefSchema.safeParse(value);
    if (!model.success) continue;
    for (const name of [model.data.key, ...[model.data.path, ...model.data.adapters].map((path) => basename(path))]) keys.add(name);
  }
}
