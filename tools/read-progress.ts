import { open } from "node:fs/promises";
import { join } from "node:path";
import { type ProgressLine, progressLineSchema } from "./contract/job.ts";

/** A progress line takes about 120 bytes; the last whole one is in here. */
const tailBytes = 1024;

/** How far an attempt is: its last whole line of progress, or null when there is none yet. Costs the same however long the file is. */
export async function readProgress(attemptDirectory: string): Promise<ProgressLine | null> {
  let file;
  try {
    file = await open(join(attemptDirectory, "progress.jsonl"));
  } catch {
    return null;
  }
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(tailBytes), position: Math.max(0, size - tailBytes) });
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n").slice(0, -1);
    return parseLine(lines.findLast((line) => parseLine(line) !== null) ?? "");
  } finally {
    await file.close();
  }
}

function parseLine(line: string): ProgressLine | null {
  try {
    return progressLineSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
