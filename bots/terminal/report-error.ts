import { appendFile, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createRedactor } from "#src/create-redactor.ts";
import { ConfigError, TemperError, UserInputError } from "#src/errors.ts";
import { exitCodes, type ExitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

interface Request {
  terminal: Terminal;
  json: boolean;
  /** Where an unexpected error's stack goes. */
  home: string;
}

/** Errors of the machine that need no stack: what happened and what to do. */
function systemMessage(error: Error): string | null {
  const code = "code" in error ? error.code : undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : "a file";
  switch (code) {
    case "ENOENT":
      return `${path} does not exist.`;
    case "EEXIST":
    case "ENOTDIR":
      return `${path} cannot be written: a file stands where a folder should be. Move it away, or use another folder (--home).`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${path} cannot be written or read by this user. Change its owner or rights, or use another folder (--home).`;
    case "ENOSPC":
    case "SQLITE_FULL":
      return "The disk is full. Nothing that was finished is lost; free some space and start again.";
    case "SQLITE_CANTOPEN":
    case "SQLITE_READONLY":
      return "The database cannot be opened for writing. Change the folder's owner or rights, or use another one (--home).";
    case "SQLITE_BUSY":
      return "Another process holds the database for too long. Try again; `temper doctor` says who is at work here.";
    default:
      return null;
  }
}

async function writeLog(home: string, error: unknown, terminal: Terminal): Promise<string | null> {
  const file = join(home, "errors.log");
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    await mkdir(home, { recursive: true });
    await appendFile(file, createRedactor(terminal.env)(`${terminal.now().toISOString()} ${stack}\n`));
    return file;
  } catch {
    return null;
  }
}

/** Says what went wrong in a line or a few, never a raw stack unless `TEMPER_DEBUG` is set. Gives the exit code. */
export async function reportError(error: unknown, { terminal, json, home }: Request): Promise<ExitCode> {
  const isWrongUse = error instanceof ConfigError || (error instanceof UserInputError && error.code !== "conflict");
  const exitCode = isWrongUse ? exitCodes.wrongUse : exitCodes.failed;
  let message: string;
  if (error instanceof TemperError) message = error.message;
  else {
    const known = error instanceof Error ? systemMessage(error) : null;
    const log = known === null ? await writeLog(resolve(terminal.cwd, home), error, terminal) : null;
    const what = error instanceof Error ? error.message.split("\n")[0] : String(error);
    message = known ?? `Something unexpected happened: ${what}. ${log === null ? "" : `The details are in ${log}.`}`.trim();
  }
  if (json) {
    const code = error instanceof TemperError ? error.code : "unexpected";
    const issues = error instanceof ConfigError ? error.issues : undefined;
    terminal.out(`${JSON.stringify({ error: { code, message, issues } }, null, 2)}\n`);
  } else terminal.err(`${message}\n`);
  if (terminal.env["TEMPER_DEBUG"] !== undefined && error instanceof Error) terminal.err(`${error.stack ?? ""}\n`);
  return exitCode;
}
