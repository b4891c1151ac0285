import type { Database } from "better-sqlite3";

/** Temper has some hundred distinct statements; those with lists of varying length come and go. */
const mostStatements = 500;

/**
 * Lets a SQLite file keep its prepared statements: preparing one takes longer (0.1–0.3 ms) than most of our queries do.
 * SQLite itself prepares a kept statement anew when the schema has changed.
 */
export function cacheStatements(file: Database): Database {
  const statements = new Map<string, ReturnType<Database["prepare"]>>();
  const prepare = file.prepare.bind(file);
  const cached = (sql: string) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = prepare(sql);
    if (statements.size >= mostStatements) statements.clear();
    statements.set(sql, statement);
    return statement;
  };
  // The method is generic in its result; a plain assignment could not say so.
  Object.defineProperty(file, "prepare", { value: cached });
  return file;
}
