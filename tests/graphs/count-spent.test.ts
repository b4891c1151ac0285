import { afterEach, expect, it } from "vitest";
import { countSpent } from "#graphs/conductor/count-spent.ts";
import type { Store } from "#src/store/store.ts";
import { sampleJob, sampleTrial } from "#tests/conformance/store/samples.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

it("leaves no trial out whose job is created while trials are counted", async () => {
  world = await openScriptedWorld();
  const { store, run } = world;
  await store.trials.create({ ...sampleTrial("k"), runId: run.id });
  expect(await countSpent(store, run.id)).toBe(1);
  const startJob = () => store.jobs.create(sampleJob("k-1", "k", { runId: run.id, trial: 1 }));
  const interleaved: Store = {
    ...store,
    trials: {
      ...store.trials,
      countWithoutJob: async (id) => {
        await startJob();
        return store.trials.countWithoutJob(id);
      },
    },
  };
  expect(await countSpent(interleaved, run.id)).toBe(1);
});
