import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { modelDirectory } from "../jobs/attempt-files.ts";
import { readPublishedReply } from "../jobs/read-reply.ts";

const card = "temper.json";

/** `removed` = its card is there, so it is known and can be remade; its files are not. */
export type WeightsState = "absent" | "present" | "removed";

/** Whether a model that was made is there with all files that its card names, at their sizes. */
export async function weightsState(home: string, key: string): Promise<WeightsState> {
  const reply = await readPublishedReply(home, key);
  if (reply === null) return "absent";
  for (const { path, bytes } of reply.artifacts) {
    const file = await stat(join(modelDirectory(home, key), path)).catch(() => null);
    if (file?.size !== bytes) return "removed";
  }
  return "present";
}

/** When a model was last made or used, in milliseconds; 0 when it is not there. */
export async function lastUsedMs(home: string, key: string): Promise<number> {
  return (await stat(join(modelDirectory(home, key), card)).catch(() => null))?.mtimeMs ?? 0;
}

/** Says that a model is about to be used: it is not removed in the minutes after. */
export async function markUsed(home: string, key: string, now: Date): Promise<void> {
  await utimes(join(modelDirectory(home, key), card), now, now).catch(() => undefined);
}

/** Removes a model's files and keeps its card. They go aside first: a reader finds a file whole or not at all. */
export async function removeWeights(home: string, key: string): Promise<void> {
  const directory = modelDirectory(home, key);
  const aside = join(home, "models", `.removed-${randomUUID()}`);
  await mkdir(aside, { recursive: true });
  for (const name of await readdir(directory)) if (name !== card) await rename(join(directory, name), join(aside, name));
  await rm(aside, { recursive: true, force: true });
}
