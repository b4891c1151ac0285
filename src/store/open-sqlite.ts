import { accessSync, constants, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import SqliteFile from "better-sqlite3";
import { z } from "zod";
import { EnvironmentError, TemperError } from "../errors.ts";
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

/** Others that look at the same time, and one that brings the file up to date, are waited for this long. */
const glimpseMs = 3000;
const shortestPauseMs = 10;
const longestPauseMs = 120;

/**
 * Tables are changed while nobody else has the file open, and SQLite leaves WAL for nobody else. Each look is over
 * before the next, so that two that look at once do not take each other for users.
 * @param known Names of this version's migrations.
 * @throws TemperError `conflict` that names who has it open.
 */
export async function refuseInUse(path: string, known: readonly string[]) {
  const deadline = performance.now() + glimpseMs;
  for (let isLast = false; ;) {
    const busy = lookAlone(path, known, isLast);
    if (busy === null) return;
    await delay(shortestPauseMs + Math.random() * (longestPauseMs - shortestPauseMs));
    isLast = performance.now() > deadline;
  }
}

/** What keeps an older file from being changed now; null when nothing does. Throws it on the last look. */
function lookAlone(path: string, known: readonly string[], isLast: boolean): unknown {
  const file = openSqlite(path);
  try {
    const applied = appliedIn(file);
    if (applied.length === 0 || known.every((name) => applied.includes(name))) return null;
    file.pragma("journal_mode = DELETE");
    return null;
  } catch (cause) {
    if (!(cause instanceof SqliteFile.SqliteError) || !cause.code.startsWith("SQLITE_BUSY")) throw explainSqliteError(path, cause);
    if (isLast) throw inUse(file, path, cause);
    return cause;
  } finally {
    file.close();
  }
}

function appliedIn(file: SqliteFile.Database): string[] {
  if (!hasTable(file, "kysely_migration")) return [];
  return z
    .array(z.object({ name: z.string() }))
    .parse(file.prepare("select name from kysely_migration").all())
    .map(({ name }) => name);
}

function hasTable(file: SqliteFile.Database, name: string): boolean {
  return file.prepare("select 1 from sqlite_master where name = ?").get(name) !== undefined;
}

function inUse(file: SqliteFile.Database, path: string, cause: unknown): TemperError {
  const users = holdersIn(file);
  const open = users.length === 0 ? "another process" : users.join(", ");
  const text = `The database ${path} is of an older version, and has to be brought to this one while nobody works with it. It is open in: ${open}. Nothing was changed. Stop them (jobs under way go on by themselves), then start this again.`;
  return new TemperError("conflict", text, { path, users }, { cause });
}

/** Processes that hold leases: those that work on something now. */
function holdersIn(file: SqliteFile.Database): string[] {
  if (!hasTable(file, "leases")) return [];
  const rows = z.array(z.object({ holder: z.string() })).parse(file.prepare("select distinct holder from leases order by holder").all());
  return [...new Set(rows.map(({ holder }) => holder.split("/")).map(([host, , pid]) => `process ${pid} on ${host}`))];
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
