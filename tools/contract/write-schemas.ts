import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { renderContractSchemas } from "./schemas.ts";

const directory = fileURLToPath(new URL("../../gpu-scripts/temper_gpu/schemas", import.meta.url));

/** Names of schema files that differ from the zod sources: missing, changed or left over. */
export async function findSchemaDrift(): Promise<string[]> {
  const wanted = new Map([...renderContractSchemas()].map(([name, text]) => [`${name}.json`, text]));
  const present = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  const left = present.filter((name) => !wanted.has(name));
  const changed = await Promise.all(
    [...wanted].map(async ([name, text]) =>
      present.includes(name) && (await readFile(join(directory, name), "utf8")) === text ? [] : [name],
    ),
  );
  return [...left, ...changed.flat()].toSorted();
}

/** Writes `gpu-scripts/temper_gpu/schemas/*.json` from the zod sources and removes what no longer has one. */
export async function writeSchemas(): Promise<void> {
  await mkdir(directory, { recursive: true });
  const rendered = renderContractSchemas();
  const left = (await readdir(directory)).filter((name) => name.endsWith(".json") && !rendered.has(name.slice(0, -".json".length)));
  await Promise.all(left.map(async (name) => rm(join(directory, name))));
  await Promise.all([...rendered].map(async ([name, text]) => writeFile(join(directory, `${name}.json`), text)));
}

if (import.meta.main) {
  if (process.argv.includes("--check")) {
    const drift = await findSchemaDrift();
    if (drift.length > 0) {
      process.stderr.write(`Schemas differ from tools/contract: ${drift.join(", ")}. Run: node tools/contract/write-schemas.ts\n`);
      process.exitCode = 1;
    }
  } else {
    await writeSchemas();
  }
}
