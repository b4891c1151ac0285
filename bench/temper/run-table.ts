import { createHash } from "node:crypto";
import { openStore } from "#src/store/open-store.ts";
import type { Run, Store } from "#src/store/store.ts";
import { readPublishedReply } from "#tools/jobs/read-reply.ts";
import type { JSONValue } from "../json.ts";

/** One trial as it must come out again: what was chosen, what was made of it, how it scored. No clock, no machine. */
export interface TableRow {
  number: number;
  kind: string;
  state: string;
  key: string;
  action: JSONValue;
  model: string | null;
  failure: string | null;
  /** Hash over the model's files. */
  modelHash: string | null;
  /** Score by task on `search`, and a hash over every item's outcome. */
  scores: Record<string, number>;
  outcomes: string;
  lesson: string | null;
}

/** Reads the final table of a run from its home. */
export async function readRunTable(home: string, name: string): Promise<TableRow[]> {
  const store = await openStore({ home });
  try {
    return await readStoredTable(store, home, name);
  } finally {
    await store.close();
  }
}

/** The same from a store that is open, whose run made its files in `home`. */
export async function readStoredTable(store: Store, home: string, name: string): Promise<TableRow[]> {
  const run = await store.runs.find(name);
  return run === null ? [] : await readRows(store, run, home);
}

async function readRows(store: Store, run: Run, home: string): Promise<TableRow[]> {
  const lessons = new Map<number, string>();
  for (const event of await store.events.list(run.id)) {
    if (event.kind === "trial-end" && event.trial !== null) lessons.set(event.trial, event.text);
  }
  const rows: TableRow[] = [];
  for (const { number, kind, state, key, action, model, failure } of await store.trials.list(run.id)) {
    const reply = await readPublishedReply(home, key);
    const { scores, outcomes } = await readScores(store, key);
    rows.push({
      number,
      kind,
      state,
      key,
      action: JSON.parse(JSON.stringify(action)),
      model,
      failure,
      modelHash: reply?.status === "ok" ? reply.metrics.model_hash : null,
      scores,
      outcomes,
      lesson: lessons.get(number) ?? null,
    });
  }
  return rows;
}

async function readScores(store: Store, modelKey: string): Promise<Pick<TableRow, "scores" | "outcomes">> {
  const scores: Record<string, number> = {};
  const hash = createHash("sha256");
  for (const evaluation of await store.evaluations.ofModels([modelKey], "search")) {
    scores[evaluation.task] = evaluation.score;
    const items = await store.evaluations.outcomes(evaluation.key);
    hash.update(`${evaluation.task} ${items?.strict.join(" ") ?? ""}\n`);
  }
  return { scores, outcomes: hash.digest("hex").slice(0, 16) };
}

/** Where two tables differ, in words; empty when they are the same. */
export function compareTables(a: readonly TableRow[], b: readonly TableRow[]): string[] {
  const differences: string[] = [];
  if (a.length !== b.length) differences.push(`${a.length} and ${b.length} trials`);
  for (const [index, row] of a.entries()) {
    const other = b[index];
    if (other === undefined) break;
    for (const field of ["kind", "state", "action", "key", "model", "failure", "modelHash", "scores", "outcomes", "lesson"] as const) {
      if (JSON.stringify(row[field]) === JSON.stringify(other[field])) continue;
      differences.push(`trial ${row.number}, ${field}: ${JSON.stringify(row[field])} and ${JSON.stringify(other[field])}`);
    }
  }
  return differences;
}
