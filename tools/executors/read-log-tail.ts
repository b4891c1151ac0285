import { open } from "node:fs/promises";
import { join } from "node:path";

/** Enough for 40 long lines. */
const tailBytes = 16 * 1024;

/** The last lines of an attempt's `log.txt`; empty while there is none. Costs the same however long the log is. */
export async function readLogTail(directory: string, lines: number): Promise<string> {
  let file;
  try {
    file = await open(join(directory, "log.txt"));
  } catch {
    return "";
  }
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(tailBytes), position: Math.max(0, size - tailBytes) });
    return buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").slice(-lines).join("\n");
  } finally {
    await file.close();
  }
}
