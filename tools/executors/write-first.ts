import { randomUUID } from "node:crypto";
import { link, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Writes a file of an attempt that only the first to write may decide: whole, or not at all.
 * @returns false when somebody was faster; their file is kept.
 */
export async function writeFirst(directory: string, name: string, content: object): Promise<boolean> {
  const aside = join(directory, `.${name}.${randomUUID()}`);
  await writeFile(aside, JSON.stringify(content));
  try {
    await link(aside, join(directory, name));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(aside);
  }
}
