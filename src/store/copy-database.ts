import { createHash } from "node:crypto";
import { sql, type Kysely } from "kysely";
import { TemperError, UserInputError } from "../errors.ts";
import type { Store } from "./store.ts";

/** Tables with the database's own names: they are copied as they are. */
export type BareDatabase = Record<string, Record<string, unknown>>;

/** One side of a copy, of this version's schema. */
export interface CopySide {
  db: Kysely<BareDatabase>;
  dialect: Store["dialect"];
  /** How messages name it. */
  place: string;
}

/** What was copied of a table. */
export interface CopiedTable {
  table: string;
  rows: number;
}

/** What belongs to processes that live, made anew by the next start, and what says how far the schema is. */
const leftOut = new Set(["leases", "conductors", "devices", "commits", "kysely_migration", "kysely_migration_lock", "temper_version"]);
/** Tables that others refer to. */
const first = ["runs", "evaluations"];
/** PostgreSQL takes 65,535 parameters, SQLite 32,766; our widest table has 25 columns. */
const pageRows = 500;

/**
 * Copies a database into an empty one, in one transaction on each side, and then compares both row by row: all of it is
 * there, or nothing.
 * @throws UserInputError when somebody works on the source or the target is not empty; TemperError when a row differs.
 */
export async function copyDatabase(from: CopySide, to: CopySide, nowMs: number): Promise<CopiedTable[]> {
  const reading = from.db.transaction().setIsolationLevel("repeatable read");
  return reading.execute(async (source) => {
    await refuseBusy(source, from.place, nowMs);
    return to.db.transaction().execute(async (target) => {
      const tables = await tablesOf(source);
      for (const { name } of tables) await refuseFull(target, name, to.place);
      const copied: CopiedTable[] = [];
      for (const { name, counter } of tables) {
        const before: string[] = [];
        for await (const page of pagesOf({ ...from, db: source }, name)) {
          before.push(...page.map(digestRow));
          await target.insertInto(name).values(page).execute();
        }
        const after: string[] = [];
        for await (const page of pagesOf({ ...to, db: target }, name)) after.push(...page.map(digestRow));
        refuseDifference({ name, before, after }, to.place);
        if (to.dialect === "postgres" && counter !== null) await goOnCounting(target, name, counter);
        copied.push({ table: name, rows: before.length });
      }
      return copied;
    });
  });
}

function rank(table: string): number {
  return first.includes(table) ? first.indexOf(table) : first.length;
}

async function tablesOf(db: Kysely<BareDatabase>): Promise<{ name: string; counter: string | null }[]> {
  const tables = (await db.introspection.getTables()).filter(({ name, schema }) => !leftOut.has(name) && (schema ?? "public") === "public");
  return (
    tables
      .map(({ name, columns }) => ({ name, counter: columns.find((column) => column.isAutoIncrementing)?.name ?? null }))
      // SQLite counts every integer primary key up; whether PostgreSQL does is asked there.
      .toSorted((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1))
  );
}

/** A table's rows, page by page, in an order of the back end's own. */
async function* pagesOf({ db, dialect }: CopySide, table: string): AsyncGenerator<Record<string, unknown>[]> {
  if (dialect === "postgres") {
    await sql`declare temper_copy cursor for select * from ${sql.table(table)}`.execute(db);
    for (;;) {
      const { rows } = await sql<Record<string, unknown>>`fetch ${sql.lit(pageRows)} from temper_copy`.execute(db);
      if (rows.length === 0) break;
      yield rows;
    }
    await sql`close temper_copy`.execute(db);
    return;
  }
  for (let last = 0; ;) {
    const { rows } = await sql<Record<string, unknown> & { copy_row: number }>`
      select *, rowid as copy_row from ${sql.table(table)} where rowid > ${last} order by rowid limit ${pageRows}`.execute(db);
    if (rows.length === 0) return;
    last = rows.at(-1)?.copy_row ?? last;
    yield rows.map(({ copy_row: _row, ...row }) => row);
  }
}

function digestRow(row: Record<string, unknown>): string {
  const columns = Object.keys(row).toSorted();
  const values = columns.map((column) => {
    const value = row[column];
    return [column, Buffer.isBuffer(value) ? value.toString("hex") : value];
  });
  return createHash("sha256").update(JSON.stringify(values)).digest("base64");
}

function refuseDifference({ name, before, after }: { name: string; before: string[]; after: string[] }, place: string): void {
  before.sort();
  after.sort();
  const differing = before.filter((digest, index) => digest !== after[index]).length;
  if (before.length === after.length && differing === 0) return;
  const text = `The copy of ${name} in ${place} is not the same: ${after.length} of ${before.length} rows, of which ${differing} differ. Nothing was kept of it. Report this, with the versions of both databases.`;
  throw new TemperError("store", text, { table: name });
}

async function refuseBusy(db: Kysely<BareDatabase>, place: string, nowMs: number): Promise<void> {
  const lease = await db.selectFrom("leases").select("holder").where("expires_at", ">", Math.round(nowMs)).limit(1).executeTakeFirst();
  if (lease === undefined) return;
  const [host, , pid] = String(lease["holder"]).split("/");
  throw new UserInputError(
    `Process ${pid} on ${host} works on ${place}, so a copy would not be whole. Stop it, or wait a minute if it is gone already. Nothing was copied.`,
    { place },
    "conflict",
  );
}

async function refuseFull(db: Kysely<BareDatabase>, table: string, place: string): Promise<void> {
  const row = await db
    .selectFrom(table)
    .select(sql`1`.as("one"))
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return;
  throw new UserInputError(`${place} is not empty: it holds ${table}. Nothing was copied. Name an empty database.`, { place, table });
}

/** Rows that are written later get numbers after those that were copied. */
async function goOnCounting(db: Kysely<BareDatabase>, table: string, column: string): Promise<void> {
  await sql`
    select setval(sequence, (select greatest(max(${sql.ref(column)}), 1) from ${sql.table(table)}), exists (select 1 from ${sql.table(table)}))
    from (select pg_get_serial_sequence(${table}, ${column}) as sequence) as found where sequence is not null`.execute(db);
}
