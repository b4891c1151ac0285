import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import SqliteFile from "better-sqlite3";
import { EnvironmentError } from "../errors.ts";
import { cacheStatements } from "./cache-statements.ts";

/**
 * Opens the database file, or makes it.
 * @throws EnvironmentError when the place cannot be written or the file is no database.
 */
export function openSqlite(path: string): SqliteFile.Database {
  makeWritable(path);
  try {
    const file = cacheStatements(new SqliteFile(path, { timeout: 0 }));
    file.pragma("foreign_keys = ON");
    return file;
  } catch (cause) {
    throw explainSqliteError(path, cause);
  }
}

/**
 * WAL lets readers go on while one writes. `synchronous = NORMAL` never corrupts a WAL database: a power cut may lose
 * the last transactions, and what they said is found again in the attempt directories; a killed process loses nothing.
 */
export function useWal(file: SqliteFile.Database, path: string) {
  try {
    file.pragma("busy_timeout = 5000");
    file.pragma("journal_mode = WAL");
    file.pragma("synchronous = NORMAL");
    // From here on locks are waited for by the dialect, off the event loop.
    file.pragma("busy_timeout = 0");
  } catch (cause) {
    throw explainSqliteError(path, cause);
  }
}

function makeWritable(path: string) {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new EnvironmentError(
      `The folder ${folder} cannot be written, so Temper cannot keep its database there. Give yourself the right to write it, or use another folder (--home).`,
      { path },
      { cause },
    );
  }
}

/** What SQLite's code means for a person. */
export function explainSqliteError(path: string, cause: unknown): Error {
  const code = cause instanceof SqliteFile.SqliteError ? cause.code : "";
  const words = sentences.find(([prefix]) => code.startsWith(prefix))?.[1];
  if (words === undefined) return cause instanceof Error ? cause : new Error(String(cause));
  return new EnvironmentError(`The database ${path} ${words}`, { path, code }, { cause });
}

const sentences: readonly [string, string][] = [
  ["SQLITE_NOTADB", "is not a database: the file holds something else. Nothing was changed. Move it away, or use another folder (--home)."],
  ["SQLITE_CORRUPT", "is damaged. Restore it from a copy, or use another folder (--home); models and jobs in the folder are not touched."],
  ["SQLITE_READONLY", "cannot be written. Give yourself the right to write it, or use another folder (--home)."],
  ["SQLITE_CANTOPEN", "cannot be opened. Check that you may read and write it and its folder, or use another folder (--home)."],
  ["SQLITE_PERM", "cannot be opened. Check that you may read and write it and its folder, or use another folder (--home)."],
  [
    "SQLITE_BUSY",
    "is locked by another program for more than 5 seconds. Close what has it open (a database browser, a backup), then try again.",
  ],
  ["SQLITE_FULL", "cannot grow: the disk is full. Make space, then start again; nothing that was stored is lost."],
  ["SQLITE_IOERR", "cannot be read or written: the disk reports an error. Check the disk; on a network drive use another folder (--home)."],
];
