import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes on disk of everything in a home. Files may come and go meanwhile: what vanished counts nothing. */
export async function measureHome(home: string): Promise<number> {
  const entries = await readdir(home, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) bytes += await blocksOf(join(home, entry));
  return bytes;
}

async function blocksOf(file: string): Promise<number> {
  try {
    return (await lstat(file)).blocks * 512;
  } catch {
    return 0;
  }
}
