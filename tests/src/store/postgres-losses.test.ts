import { Client } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore } from "#src/store/open-store.ts";
import type { Store } from "#src/store/store.ts";
import type { Change } from "#src/store/changes.ts";
import { sampleTrial, storeSampleRun } from "#tests/conformance/store/samples.ts";
import { createPostgresBackend, postgresMissing } from "./backends.ts";
import { PostgresProxy } from "./postgres-proxy.ts";

const missing = await postgresMissing();
const backend = createPostgresBackend();
const run = "three-skills.1";
const event = { runId: run, kind: "round-end", actor: "test", trial: null, text: "", fields: {} };

describe.skipIf(missing !== null)(`a store whose PostgreSQL goes away${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  let direct = "";
  let proxy: PostgresProxy;
  let store: Store;
  let admin: Client;

  beforeEach(async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    direct = place.databaseUrl;
    proxy = new PostgresProxy(direct);
    await proxy.start();
    store = await openStore({ databaseUrl: proxy.databaseUrl, patienceMs: 60_000 });
    await storeSampleRun(store);
    admin = new Client({ connectionString: direct });
    await admin.connect();
  });
  afterEach(async () => {
    await store.close();
    await proxy.stop();
    await admin.end();
    await backend.drop({ databaseUrl: direct });
  });
  afterAll(() => backend.close());

  const killAll = () =>
    admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

  it.each(["lose-answer", "lose-request"] as const)("does a transaction once when its commit is lost (%s)", async (how) => {
    proxy.breakNextCommit(how);
    const trial = await store.transaction(async (inside) => {
      const created = await inside.trials.create(sampleTrial("k1"));
      await inside.events.append(event);
      return created;
    });
    expect(proxy.lostCommits).toBe(1);
    expect(trial?.number).toBe(1);
    expect(await store.trials.list(run)).toHaveLength(1);
    expect(await store.events.list(run)).toHaveLength(1);
  });

  it.each(["lose-answer", "lose-request"] as const)("takes commands once, and loses none, when that commit is lost (%s)", async (how) => {
    await store.commands.add({ runId: run, kind: "pause", author: "ana", fields: {} });
    proxy.breakNextCommit(how);
    expect(await store.commands.take(run)).toHaveLength(1);
    expect(proxy.lostCommits).toBe(1);
    expect(await store.commands.take(run)).toEqual([]);
  });

  it("does everything exactly once while its connections are killed all the time", { timeout: 60_000 }, async () => {
    const rounds = 40;
    const state = { done: 0, killed: 0 };
    const killing = (async () => {
      for (let seen = 0; ; await new Promise((resolve) => setTimeout(resolve, 1 + (state.killed % 7)))) {
        if (state.done === rounds) return;
        // Between two blows something gets done: a server that always kills lets nobody work.
        if (state.done === seen) continue;
        seen = state.done;
        state.killed += (await killAll()).rowCount ?? 0;
      }
    })();
    for (let round = 0; round < rounds; round++, state.done++) {
      const key = `key-${round}`;
      const trial = await store.transaction(async (inside) => {
        const created = await inside.trials.create(sampleTrial(key));
        await inside.events.append({ ...event, fields: { round } });
        return created;
      });
      expect(trial?.number).toBe(round + 1);
      await store.commands.add({ runId: run, kind: "pause", author: key, fields: {} });
      expect((await store.commands.take(run)).map(({ author }) => author)).toEqual([key]);
      expect((await store.trials.findKey(run, key))?.number).toBe(round + 1);
    }
    await killing;
    expect(state.killed).toBeGreaterThan(5);
    expect(await store.trials.counts(run)).toMatchObject({ live: rounds });
    expect((await store.events.list(run)).map(({ fields }) => fields["round"])).toEqual(
      Array.from({ length: rounds }, (_, round) => round),
    );
  });

  it("waits for a server that comes back, and goes on", { timeout: 60_000 }, async () => {
    await proxy.stop();
    const reading = store.trials.list(run);
    const writing = store.transaction((inside) => inside.trials.create(sampleTrial("k1")));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await proxy.start();
    await reading;
    expect((await writing)?.number).toBe(1);
  });

  it("gives up after its patience, and says what to do", async () => {
    const impatient = await openStore({ databaseUrl: proxy.databaseUrl, patienceMs: 100 });
    await proxy.stop();
    await expect(impatient.runs.list()).rejects.toThrow(/PostgreSQL at .* was out of reach for 0 s .*Start it, or check the network/);
    await expect(impatient.transaction((inside) => inside.runs.list())).rejects.toMatchObject({ code: "environment" });
    await impatient.close();
    await proxy.start();
  });

  it("hears what others store, also after its own connection was lost", { timeout: 60_000 }, async () => {
    const other = await openStore({ databaseUrl: direct });
    const heard: Change[] = [];
    const unsubscribe = store.changes.subscribe((change) => heard.push(change));
    expect(store.changes.isLive).toBe(true);
    await other.events.append(event);
    await expect.poll(() => heard).toEqual([{ kind: "event", subject: run, what: "round-end" }]);
    await killAll();
    // What was stored meanwhile may have been missed: it is told to look.
    await expect.poll(() => heard.at(-1)?.kind, { timeout: 20_000 }).toBe("unknown");
    await other.commands.add({ runId: run, kind: "pause", author: "ana", fields: {} });
    await expect.poll(() => heard.at(-1), { timeout: 20_000 }).toEqual({ kind: "command", subject: run, what: "pause" });
    unsubscribe();
    await other.close();
  });
});
