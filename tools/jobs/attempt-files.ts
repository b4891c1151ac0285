import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ContractError } from "#src/errors.ts";
import { exitSchema } from "../contract/job.ts";

/** Where things are in a home. */
export const attemptDirectory = (home: string, attempt: string) => join(home, "jobs", attempt);
export const modelDirectory = (home: string, key: string) => join(home, "models", key);
export const stepDirectory = (directory: string, step: string) => join(directory, "steps", step);

export type ExitRecord = z.infer<typeof exitSchema>;

/** A file's bytes, or null when it is not there. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return null;
    throw error;
  }
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
