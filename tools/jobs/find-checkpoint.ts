import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { stepDirectory } from "./attempt-files.ts";

/** Optimiser steps behind the newest whole checkpoint that an attempt's training left; 0 when there is none. */
export async function findCheckpoint(attemptDirectory: string): Promise<number> {
  const folder = join(stepDirectory(attemptDirectory, "train"), "work", "checkpoints");
  const names = await readdir(folder).catch(() => []);
  const steps = names.flatMap((name) => {
    const step = Number(/^checkpoint-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
    // The trainer writes its state last: without it the checkpoint was cut short.
    return Number.isNaN(step) || !existsSync(join(folder, name, "trainer_state.json")) ? [] : [step];
  });
  return Math.max(0, ...steps);
}
