import type { Selectable } from "kysely";
import { runConfigSchema } from "../config/run-config.ts";
import type { Database } from "./database.ts";
import type { Run, RunState, Store } from "./store.ts";
import type { StoreContext } from "./store-context.ts";

const ended: readonly RunState[] = ["stopped", "finished", "failed"];

/** Runs and what may change of them. */
export function createRuns({ db, now }: StoreContext): Store["runs"] {
  return {
    async create({ config, tasks, ...run }) {
      await db
        .insertInto("runs")
        .values({ ...run, configJson: JSON.stringify(config), tasksJson: JSON.stringify(tasks) })
        .execute();
    },
    async find(idOrName) {
      const byId = await db.selectFrom("runs").selectAll().where("id", "=", idOrName).executeTakeFirst();
      if (byId !== undefined) return toRun(byId);
      const byName = await db
        .selectFrom("runs")
        .selectAll()
        .where("name", "=", idOrName)
        .orderBy("createdAt", "desc")
        .orderBy("id", "desc")
        .executeTakeFirst();
      return byName === undefined ? null : toRun(byName);
    },
    async list() {
      const rows = await db.selectFrom("runs").selectAll().orderBy("createdAt").orderBy("id").execute();
      return rows.map(toRun);
    },
    async setState(id, from, to, reason) {
      const row = await db
        .updateTable("runs")
        .set({ state: to, stateReason: reason, endedAt: ended.includes(to) ? now() : null })
        .where("id", "=", id)
        .where("state", "in", from)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
    async setConfig(id, config, tasks) {
      await db
        .updateTable("runs")
        .set({ configJson: JSON.stringify(config), ...(tasks === undefined ? {} : { tasksJson: JSON.stringify(tasks) }) })
        .where("id", "=", id)
        .execute();
    },
    async openFinal(id) {
      const row = await db
        .updateTable("runs")
        .set({ finalOpenedAt: now() })
        .where("id", "=", id)
        .where("finalOpenedAt", "is", null)
        .returning("id")
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toRun(row: Selectable<Database["runs"]>): Run {
  return {
    id: row.id,
    name: row.name,
    state: row.state,
    stateReason: row.stateReason,
    config: runConfigSchema.parse(row.configJson),
    tasks: row.tasksJson,
    seed: row.seed,
    createdAt: row.createdAt,
    endedAt: row.endedAt,
    finalOpenedAt: row.finalOpenedAt,
  };
}
