import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { contractSchemas } from "../contract/schemas.ts";
import { packageDirectory } from "../executors/local/job-environment.ts";
import { parseContract, readIfThere, writeWhole } from "../jobs/attempt-files.ts";
import type { PrepareInputs } from "./prepare-inputs.ts";

const metricsSchema = contractSchemas["prepare.reply"].options[0].shape.metrics;
export type PreparedMetrics = z.infer<typeof metricsSchema>;

/**
 * What a registration depends on: the request, size and time of every local file in it, and the code that reads them.
 * Sources of a hub are pinned by their revision or else looked up again, so they are never answered from here.
 * @returns null when it must not be answered from what is known.
 */
export async function preparedKey(inputs: PrepareInputs): Promise<string | null> {
  const sources = [...inputs.models, ...inputs.datasets, ...inputs.tasks].flatMap(({ source }) => source ?? []);
  const hash = createHash("sha256").update(JSON.stringify(inputs));
  for (const { path, revision } of sources) {
    if (path.startsWith("tiny-world:")) continue;
    if (existsSync(path)) hash.update(await describeFiles(path));
    else if (revision === null && !inputs.offline) return null;
  }
  hash.update(await describeCode());
  return hash.digest("hex").slice(0, 40);
}

async function describeFiles(path: string): Promise<string> {
  const parts: string[] = [];
  const files = (await stat(path)).isDirectory() ? await readdir(path, { recursive: true }) : [""];
  for (const file of files.toSorted()) {
    const { size, mtimeMs } = await stat(join(path, file));
    parts.push(`${file} ${size} ${mtimeMs}`);
  }
  return parts.join("\n");
}

async function describeCode(): Promise<string> {
  const root = join(packageDirectory, "temper_gpu");
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith(".py"));
  const texts = await Promise.all(files.toSorted().map(async (file) => await readFile(join(root, file), "utf8")));
  return texts.join("\n");
}

const cacheFile = (home: string, key: string) => join(home, "cache", "prepared", `${key}.json`);

/** A registration of before; null when there is none, or when files of it have gone. */
export async function readPrepared(home: string, key: string): Promise<PreparedMetrics | null> {
  const file = cacheFile(home, key);
  const content = await readIfThere(file);
  if (content === null) return null;
  const prepared = parseContract(content, metricsSchema, file);
  const paths = [...prepared.models, ...prepared.datasets, ...prepared.tasks].map(({ path }) => path);
  return paths.every((path) => existsSync(path)) ? prepared : null;
}

/** Keeps a registration in which nothing was wrong. */
export async function keepPrepared(home: string, key: string, prepared: PreparedMetrics): Promise<void> {
  if (prepared.problems.length > 0) return;
  await mkdir(join(home, "cache", "prepared"), { recursive: true });
  await writeWhole(cacheFile(home, key), prepared);
}
