import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cancelTrial } from "#src/service/cancel-trial.ts";
import { sampleTrial } from "#tests/conformance/store/samples.ts";
import { openScriptedWorld, type ScriptedWorld } from "#tests/graphs/scripted-world.ts";

let world: ScriptedWorld;
beforeEach(async () => {
  world = await openScriptedWorld();
});
afterEach(() => world.close());

describe("cancelling a trial", () => {
  it("tells the conductor, once it is sure that there is something to cancel", async () => {
    const { store, run } = world;
    await store.trials.create(sampleTrial("k1", { runId: run.id }));
    await cancelTrial(store, run, { trial: 1, author: "Ann" });
    expect(await store.commands.take(run.id)).toMatchObject([{ kind: "cancel-trial", author: "Ann", fields: { trial: 1 } }]);
    expect(await world.events("trial-cancel")).toEqual(["(1) Ann cancels trial 1."]);
  });

  it("refuses what is over or was never there", async () => {
    const { store, run } = world;
    await store.trials.create(sampleTrial("k1", { runId: run.id }));
    await store.trials.update(run.id, 1, { state: "done" });
    await expect(cancelTrial(store, run, { trial: 1, author: "Ann" })).rejects.toThrow(
      "Trial 1 of scripted is done: there is nothing to cancel.",
    );
    await expect(cancelTrial(store, run, { trial: 9, author: "Ann" })).rejects.toThrow("scripted has no trial 9.");
    expect(await store.commands.take(run.id)).toEqual([]);
  });
});
