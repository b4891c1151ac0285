import { open } from "node:fs/promises";
import { join } from "node:path";
import type { LogChunk } from "./executor.ts";

/** Largest piece of a log that one call returns, in bytes. */
const chunkBytes = 256 * 1024;

/** Reads an attempt's `log.txt` from a byte cursor on; an empty chunk while there is nothing new. */
export async function readLog(directory: string, cursor: number): Promise<LogChunk> {
  let file;
  try {
    file = await open(join(directory, "log.txt"));
  } catch {
    return { text: "", cursor };
  }
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(chunkBytes), position: cursor });
    return { text: buffer.toString("utf8", 0, bytesRead), cursor: cursor + bytesRead };
  } finally {
    await file.close();
  }
}
