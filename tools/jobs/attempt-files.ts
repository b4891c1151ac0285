import { createHash, randomUUID } from "node:crypto";
import { closeSync, open, readFileSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { ContractError } from "#src/errors.ts";
import { exitSchema } from "../contract/job.ts";

/** Where things are in a home. */
export const attemptDirectory = (home: string, attempt: string) => join(home, "jobs", attempt);
export const modelDirectory = (home: string, key: string) => join(home, "models", key);
export const stepDirectory = (directory: string, step: string) => join(directory, "steps", step);

export type ExitRecord = z.infer<typeof exitSchema>;

// A trip through the thread pool takes longer (0.1 ms) than reading a small file that is open: only opening goes there,
// which is what may wait for a file server, and what polls do.
const openFile = promisify(open);

/** A small file's bytes, or null when it is not there. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  let descriptor: number;
  try {
    descriptor = await openFile(file, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
  try {
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a small file aside and renames it: a reader sees all of it or nothing. */
export async function writeWhole(file: string, document: unknown): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  const descriptor = await openFile(aside, "w");
  try {
    writeFileSync(descriptor, `${JSON.stringify(document)}\n`);
  } finally {
    closeSync(descriptor);
  }
  await rename(aside, file);
}

/**
 * Parses JSON that another process wrote.
 * @throws ContractError naming the file when it is truncated or has another form.
 */
export function parseContract<Schema extends z.ZodType>(content: Buffer, schema: Schema, file: string): z.output<Schema> {
  let document: unknown;
  try {
    document = JSON.parse(content.toString("utf8"));
  } catch (error) {
    throw new ContractError(`${file} is truncated or no JSON: ${error instanceof Error ? error.message : String(error)}`, { file });
  }
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new ContractError(`${file} has another form than agreed: ${z.prettifyError(parsed.error)}`, { file });
  return parsed.data;
}

/** The exit record of an attempt; null while it is not over. */
export async function readExit(directory: string): Promise<ExitRecord | null> {
  const file = join(directory, "exit.json");
  const content = await readIfThere(file);
  return content === null ? null : parseContract(content, exitSchema, file);
}

/** Hash as it stands in exit records. */
export function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
