import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteFile from "better-sqlite3";
import { CamelCasePlugin, Kysely } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentChanges } from "#src/store/changes.ts";
import { createStore } from "#src/store/create-store.ts";
import type { Database } from "#src/store/database.ts";
import { JsonColumns } from "#src/store/json-columns.ts";
import { openStore } from "#src/store/open-store.ts";
import { WaitingSqliteDialect } from "#src/store/sqlite-dialect.ts";
import type { Store } from "#src/store/store.ts";
import {
  sampleApproval,
  sampleDecision,
  sampleEvaluation,
  sampleJob,
  sampleModel,
  sampleOutcomes,
  sampleTime,
  sampleTrial,
  storeSampleRun,
} from "#tests/conformance/store/samples.ts";

const run = "three-skills.1";

/** What a controller asks for every trial: none of it may cost more with more trials. */
async function oneTrial(store: Store) {
  await store.trials.create(sampleTrial("k1"));
  await store.decisions.add(sampleDecision(1, 1));
  await store.approvals.create(sampleApproval("a1", "k1", { trial: 1 }));
  await store.approvals.decide("a1", "k1", "approved", "ana", null);
  await store.jobs.create(sampleJob("k1-1", "k1", { trial: 1, approvalId: "a1" }));
  await store.jobs.update("k1-1", { state: "finished", outcome: "finished", deviceSeconds: 1 });
  await store.evaluations.put(sampleEvaluation("e1"), sampleOutcomes("e1"));
  await store.objects.add(run, sampleModel("m1"));
  await store.objects.find(run, "m1");
  await store.trials.update(run, 1, { state: "done", model: "m1" });
  await store.trials.find(run, 1);
  await store.trials.findKey(run, "k1");
  await store.trials.live(run);
  await store.trials.counts(run);
  await store.trials.list(run, 2);
  await store.trials.ofKind(run, "baseline");
  await store.decisions.ofTrial(run, 1);
  await store.decisions.count(run);
  await store.approvals.ofTrial(run, 1);
  await store.approvals.latestOfBatch(run, "baselines");
  await store.approvals.latestOfBatches(run, ["sft", "dpo"]);
  await store.approvals.listing(run, "baselines", ["k1"]);
  await store.approvals.pendingOfKey(run, "k1");
  await store.approvals.list(run, "pending");
  await store.jobs.ofTrial(run, 1);
  await store.jobs.ofKey("k1");
  await store.jobs.live();
  await store.jobs.spent(run);
  await store.jobs.spentOnApproval("a1");
  await store.jobs.finished(100);
  await store.evaluations.find("e1");
  await store.evaluations.outcomes("e1");
  await store.evaluations.outcomesOf(["e1", "e2"]);
  await store.evaluations.ofModels(["key-m1"], "search");
  await store.memories.latest(run);
  await store.memories.latestVersion(run);
  await store.plans.latest(run);
  await store.directives.list(run);
  await store.commands.take(run);
  await store.events.list(run, 3, 10);
  await store.llmCalls.totals(run);
  await store.leases.find("trial:1");
}

/** Reads a whole table, all rows of a run, or sorts what grows with the trials. */
function isSlow(step: string, sql: string): boolean {
  if (/SCAN (?!jobs USING INDEX jobs_(live|finished))/.test(step)) return true;
  if (/SEARCH (trials|decisions|events|objects|jobs) .*\(run_id=\?\)/.test(step)) return true;
  // A run has a handful of open approvals, a model a handful of tasks.
  return step.includes("TEMP B-TREE") && !/from "(approvals|evaluations)"/.test(sql);
}

describe("queries of a trial", () => {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "temper-plans-"));
    const store = await openStore({ home });
    await storeSampleRun(store);
    await store.close();
  });
  afterEach(async () => {
    await rm(home, { recursive: true, force: true });
  });

  it("look things up by an index and sort nothing that grows", async () => {
    const file = new SqliteFile(join(home, "temper.db"));
    const seen = new Set<string>();
    const dialect = new WaitingSqliteDialect(file, (error) => (error instanceof Error ? error : new Error(String(error))));
    const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true }), new JsonColumns()];
    const db = new Kysely<Database>({ dialect, plugins, log: (event) => void seen.add(event.query.sql) });
    const store = createStore({ db, dialect: "sqlite", now: () => new Date(sampleTime), release: async () => {}, changes: silentChanges });
    await oneTrial(store);

    const statements = [...seen].filter((sql) => /^(select|update|delete)/.test(sql));
    expect(statements.length).toBeGreaterThan(30);
    const slow = statements.filter((sql) => {
      const parameters = Array.from({ length: sql.split("?").length - 1 }, () => 1);
      return file
        .prepare(`explain query plan ${sql}`)
        .all(...parameters)
        .some((step) => isSlow(JSON.stringify(step), sql));
    });
    expect(slow).toEqual([]);
    await store.close();
  });
});
