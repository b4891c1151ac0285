import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Conductor } from "#graphs/conductor/conductor.ts";
import { createRun } from "#src/service/create-run.ts";
import { openStore } from "#src/store/open-store.ts";
import { createPostgresBackend, postgresMissing } from "#tests/src/store/backends.ts";
import { createScriptedExecutor } from "#tools/executors/scripted/create-scripted-executor.ts";
import { preparedObjects, scriptedConfig } from "./scripted-world.ts";

const missing = await postgresMissing();
const backend = createPostgresBackend();

describe.skipIf(missing !== null)(`a run on PostgreSQL${missing === null ? "" : ` (skipped: ${missing})`}`, () => {
  afterAll(() => backend.close());

  it("is shared by two conductors, with checkpoints in the same database", async () => {
    const place = await backend.create();
    if (!("databaseUrl" in place)) throw new Error("this is no PostgreSQL database");
    const home = mkdtempSync(path.join(tmpdir(), "temper-graph-"));
    const store = await openStore(place);
    const config = scriptedConfig({ budget: { trials: 8 }, executor: { kind: "scripted", lanes: 2 } });
    const run = await createRun(store, { config, prepared: preparedObjects(config, home), now: new Date() });
    const conductors = [1, 2].map(() => {
      const executor = createScriptedExecutor({ behaviour: { seconds: () => 0.02 } });
      return new Conductor({ store, home, executor, databaseUrl: place.databaseUrl, pollMs: 20 });
    });
    try {
      await Promise.all(conductors.map((conductor) => conductor.follow(run.id)));
      const trials = await store.trials.list(run.id);
      expect(trials.map((trial) => trial.state)).toEqual(Array.from({ length: 8 }, () => "done"));
      expect(new Set(trials.map((trial) => trial.model)).size).toBe(8);
      expect((await store.events.list(run.id)).filter((event) => event.kind === "trial-error")).toEqual([]);
    } finally {
      for (const conductor of conductors) await conductor.close();
      await store.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
