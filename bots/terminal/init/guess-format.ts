import { open } from "node:fs/promises";
import { z } from "zod";
import type { DatasetFormat } from "#src/pool/objects.ts";

const readBytes = 65_536;
const rowSchema = z.record(z.string(), z.unknown());

async function firstLine(path: string): Promise<string | null> {
  try {
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytes), 0, readBytes, 0);
      return buffer.toString("utf8", 0, bytesRead).split("\n")[0] ?? null;
    } finally {
      await file.close();
    }
  } catch {
    return null;
  }
}

/** Format of a local JSONL file by the columns of its first row; null when it cannot be told from that. */
export async function guessFormat(path: string): Promise<DatasetFormat | null> {
  const line = await firstLine(path);
  if (line === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const row = rowSchema.safeParse(value);
  if (!row.success) return null;
  const has = (...columns: string[]) => columns.every((column) => column in row.data);
  if (has("chosen", "rejected")) return "preference";
  if (has("completion", "label")) return "unpaired_preference";
  if (has("messages")) return "messages";
  return has("prompt", "completion") ? "prompt_completion" : null;
}
