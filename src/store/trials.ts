import type { Kysely, Selectable } from "kysely";
import { TemperError } from "../errors.ts";
import type { Database, TrialTable } from "./database.ts";
import type { Store, Trial, TrialPatch } from "./store.ts";
import type { StoreContext } from "./store-context.ts";
import { addToCounts, tally } from "./trial-counts.ts";

/** Trials of a run; the run's row counts them, so nothing here grows with their number but the lists. */
export function createTrials({ db, now, atomically }: StoreContext): Store["trials"] {
  const rowsOf = (runId: string) => db.selectFrom("trials").selectAll().where("runId", "=", runId);

  return {
    create: (trial) =>
      atomically(async (transaction) => {
        const known = await transaction
          .selectFrom("trials")
          .select("number")
          .where("runId", "=", trial.runId)
          .where("key", "=", trial.key)
          .executeTakeFirst();
        return known === undefined ? insert(transaction, trial, now()) : null;
      }),
    async find(runId, number) {
      const row = await rowsOf(runId).where("number", "=", number).executeTakeFirst();
      return row === undefined ? null : toTrial(row);
    },
    async findKey(runId, key) {
      const row = await rowsOf(runId).where("key", "=", key).executeTakeFirst();
      return row === undefined ? null : toTrial(row);
    },
    async list(runId, from = 1) {
      const rows = await rowsOf(runId).where("number", ">=", from).orderBy("number").execute();
      return rows.map(toTrial);
    },
    async ofKind(runId, kind) {
      const rows = await rowsOf(runId).where("kind", "=", kind).orderBy("number").execute();
      return rows.map(toTrial);
    },
    async live(runId) {
      const rows = await rowsOf(runId).where("isLive", "=", 1).orderBy("number").execute();
      return rows.map(toTrial);
    },
    async countWithoutJob(runId) {
      // Few trials live, so they are told apart here: with the kind in the query SQLite reads all trials of that kind.
      const rows = await db
        .selectFrom("trials")
        .select(["kind", "hasJob", "model", "failure"])
        .where("runId", "=", runId)
        .where("isLive", "=", 1)
        .execute();
      return rows.filter((row) => row.kind === "chosen" && row.hasJob === 0 && row.model === null && row.failure === null).length;
    },
    async chosenSteps(runId) {
      const row = await db
        .selectFrom("trials")
        .select(({ fn }) => fn.sum<number | string | null>("steps").as("steps"))
        .where("runId", "=", runId)
        .where("kind", "=", "chosen")
        .where("hasJob", "=", 1)
        .executeTakeFirst();
      return Number(row?.steps ?? 0);
    },
    update: (runId, number, patch) => atomically((transaction) => update(transaction, runId, number, patch)),
    async replaceAction(runId, number, action, key) {
      await db
        .updateTable("trials")
        .set({ actionJson: JSON.stringify(action), key })
        .where("runId", "=", runId)
        .where("number", "=", number)
        .execute();
    },
    async counts(runId) {
      const row = await db
        .selectFrom("runs")
        .select(["chosenCount", "chosenFromCacheCount", "otherCount", "failedCount", "liveCount"])
        .where("id", "=", runId)
        .executeTakeFirst();
      return {
        chosen: row?.chosenCount ?? 0,
        chosenFromCache: row?.chosenFromCacheCount ?? 0,
        other: row?.otherCount ?? 0,
        failed: row?.failedCount ?? 0,
        live: row?.liveCount ?? 0,
      };
    },
  };
}

type NewTrial = Parameters<Store["trials"]["create"]>[0];

async function insert(db: Kysely<Database>, { action, ...trial }: NewTrial, createdAt: string): Promise<Trial> {
  const run = await db
    .updateTable("runs")
    .set((row) => ({ lastTrial: row("lastTrial", "+", 1) }))
    .where("id", "=", trial.runId)
    .returning("lastTrial")
    .executeTakeFirst();
  if (run === undefined) throw new TemperError("not_found", `There is no run ${trial.runId}.`, { runId: trial.runId });
  const row = await db
    .insertInto("trials")
    .values({
      ...trial,
      number: run.lastTrial,
      state: "selected",
      actionJson: JSON.stringify(action),
      fromCache: 0,
      steps: 0,
      deviceSeconds: 0,
      createdAt,
      hasJob: 0,
      isLive: 1,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await addToCounts(db, trial.runId, null, tally(row));
  return toTrial(row);
}

async function update(db: Kysely<Database>, runId: string, number: number, patch: TrialPatch) {
  const { fromCache, learnt, ...plain } = patch;
  const before = await db
    .selectFrom("trials")
    .select(["kind", "state", "fromCache", "hasJob"])
    .where("runId", "=", runId)
    .where("number", "=", number)
    .executeTakeFirst();
  if (before === undefined) throw new TemperError("not_found", `Run ${runId} has no trial ${number}.`, { runId, trial: number });
  const state = plain.state ?? before.state;
  const after = { ...before, state, fromCache: fromCache === undefined ? before.fromCache : Number(fromCache) };
  await db
    .updateTable("trials")
    .set({ ...plain, fromCache: after.fromCache, isLive: tally(after).liveCount })
    .$if(learnt !== undefined, (query) => query.set({ learnt: typeof learnt === "boolean" ? Number(learnt) : null }))
    .where("runId", "=", runId)
    .where("number", "=", number)
    .execute();
  await addToCounts(db, runId, tally(before), tally(after));
}

function toTrial({ actionJson, fromCache, learnt, hasJob: _hasJob, isLive: _isLive, ...row }: Selectable<TrialTable>): Trial {
  return { ...row, action: actionJson, fromCache: fromCache === 1, learnt: learnt === null ? null : learnt === 1 };
}
