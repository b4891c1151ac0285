import { type Selectable, sql } from "kysely";
import type { Evaluation, EvaluationResult, ItemOutcomes } from "../score/evaluation.ts";
import type { Database } from "./database.ts";
import { packFloats, unpackFloats } from "./packed-floats.ts";
import type { Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

/** Keys in one query: SQLite takes 32,766 parameters, and long lists are slow to compile. */
const chunkSize = 500;

/** Evaluations, shared by all runs, with the outcome of every item. */
export function createEvaluations({ db, atomically }: StoreContext): Store["evaluations"] {
  const putAll = (results: readonly EvaluationResult[]) =>
    atomically(async (transaction) => {
      const rows = await transaction
        .insertInto("evaluations")
        .values(results.map(({ evaluation }) => evaluation))
        .onConflict((conflict) => conflict.column("key").doNothing())
        .returning("key")
        .execute();
      const added = results.filter(({ evaluation }) => rows.some(({ key }) => key === evaluation.key));
      if (added.length === 0) return;
      // A result of an older evaluator version would count twice in rankings.
      await transaction
        .deleteFrom("evaluations")
        .where((row) =>
          row.or(
            added.map(({ evaluation: { key, modelKey, split, taskKey } }) =>
              row.and([row("modelKey", "=", modelKey), row("split", "=", split), row("taskKey", "=", taskKey), row("key", "!=", key)]),
            ),
          ),
        )
        .execute();
      const items = added.map(({ evaluation, outcomes: { strict, lenient } }) => ({
        evaluationKey: evaluation.key,
        strict: packFloats(strict),
        lenient: packFloats(lenient),
      }));
      await transaction.insertInto("items").values(items).execute();
    });

  return {
    async find(key) {
      return (await db.selectFrom("evaluations").selectAll().where("key", "=", key).executeTakeFirst()) ?? null;
    },
    put: (evaluation, outcomes) => putAll([{ evaluation, outcomes }]),
    putAll,
    async ofModels(modelKeys, split) {
      const found: Evaluation[] = [];
      for (let start = 0; start < modelKeys.length; start += chunkSize) {
        const rows = await db
          .selectFrom("evaluations")
          .selectAll()
          .where("modelKey", "in", modelKeys.slice(start, start + chunkSize))
          .where("split", "=", split)
          .orderBy("modelKey")
          .orderBy("task")
          .execute();
        found.push(...rows);
      }
      return found;
    },
    async ranking(runId, { split, factors, limit, offset = 0 }) {
      if (factors.size === 0) return [];
      const parts = [...factors].map(([taskKey, factor]) => sql`when ${taskKey} then ${factor} * evaluations.score`);
      const value = sql<number>`sum(case evaluations.task_key ${sql.join(parts, sql` `)} end)`;
      const repeats = db.selectFrom("trials").select("key").where("runId", "=", runId).where("kind", "in", ["repeat", "confirm"]);
      return db
        .selectFrom("objects")
        .innerJoin("evaluations", "evaluations.modelKey", "objects.key")
        .select(["objects.id as model", value.as("value")])
        .where("objects.runId", "=", runId)
        .where("objects.kind", "=", "model")
        .where("objects.key", "not in", repeats)
        .where("evaluations.split", "=", split)
        .where("evaluations.taskKey", "in", [...factors.keys()])
        .groupBy(["objects.id", "objects.position"])
        .having((group) => group.fn.count("evaluations.key"), "=", factors.size)
        .orderBy(value, "desc")
        .orderBy("objects.position")
        .limit(limit)
        .offset(offset)
        .execute();
    },
    async outcomes(key) {
      const row = await db.selectFrom("items").selectAll().where("evaluationKey", "=", key).executeTakeFirst();
      return row === undefined ? null : toOutcomes(row);
    },
    async outcomesOf(keys) {
      if (keys.length === 0) return [];
      const rows = await db.selectFrom("items").selectAll().where("evaluationKey", "in", keys).execute();
      return rows.map(toOutcomes);
    },
  };
}

function toOutcomes({ evaluationKey, strict, lenient }: Selectable<Database["items"]>): ItemOutcomes {
  return { evaluationKey, strict: unpackFloats(strict), lenient: unpackFloats(lenient) };
}
