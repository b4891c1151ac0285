import { expect, it } from "vitest";
import { openStore } from "#src/store/open-store.ts";
import { sampleTrial, storeSampleRun } from "#tests/conformance/store/samples.ts";
import { startOwnPostgres } from "#tests/fixtures/own-postgres.ts";

const run = "three-skills.1";
const event = { runId: run, kind: "round-end", actor: "test", trial: null, text: "", fields: {} };

it("does a transaction anew whose server crashed before its commit, though its id went to another that was committed", async () => {
  const postgres = await startOwnPostgres();
  if (postgres === null) throw new Error("PostgreSQL's server programs (initdb, postgres) are not installed");
  const [store, other] = [await openStore(postgres), await openStore(postgres)];
  try {
    await storeSampleRun(store);
    let tries = 0;
    const trial = await store.transaction(async (inside) => {
      const created = await inside.trials.create(sampleTrial("k1"));
      tries += 1;
      if (tries > 1) return created;
      // A backend that is killed takes all others with it, and the server recovers from its log.
      const [backend] = await postgres.backends();
      if (backend === undefined) throw new Error("no backend serves the store");
      process.kill(backend, "SIGKILL");
      for (let count = 0; count < 50; count++) await other.events.append(event);
      return created;
    });
    expect(tries).toBe(2);
    expect(trial?.number).toBe(1);
    expect(await store.trials.list(run)).toHaveLength(1);
    expect(await store.events.list(run)).toHaveLength(50);
  } finally {
    await Promise.all([store.close(), other.close()]);
    await postgres.stop();
  }
});
