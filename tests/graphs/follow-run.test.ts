import { afterEach, describe, expect, it } from "vitest";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

describe("a run on scripted jobs", () => {
  it("goes from the base's evaluation to the last trial of the budget, and remembers each", async () => {
    world = await openScriptedWorld();
    expect(await world.conductor().follow(world.run.id)).toBe("ended");
    const run = await world.store.runs.find(world.run.id);
    expect(run).toMatchObject({ state: "finished", stateReason: "all 5 trials of the budget are done" });
    const trials = await world.trials();
    expect(trials.map((trial) => [trial.number, trial.kind, trial.state, trial.model])).toEqual([
      [1, "chosen", "done", "m1"],
      [2, "chosen", "done", "m2"],
      [3, "chosen", "done", "m3"],
      [4, "chosen", "done", "m4"],
      [5, "chosen", "done", "m5"],
    ]);
    expect(await world.store.decisions.count(world.run.id)).toBe(5);
    expect((await world.store.memories.latest(world.run.id))?.version).toBe(5);
    expect(await world.events("base-evaluate")).toHaveLength(1);
    expect(await world.events("trial-error")).toEqual([]);
  });

  it("measures the fixed baselines first, then their noise, then chooses", async () => {
    world = await openScriptedWorld({ baselines: { noise_repeats: 2 } });
    await world.conductor().follow(world.run.id);
    const trials = await world.trials();
    const labels = trials.map((trial) => trial.label ?? trial.kind);
    expect(labels.slice(0, 6)).toEqual(["single", "single", "single", "single", "sft_all", "sft_all_compute"]);
    expect(labels.filter((label) => label === "ties_grid")).toHaveLength(4);
    expect(labels.slice(-7)).toEqual(["noise", "noise", "chosen", "chosen", "chosen", "chosen", "chosen"]);
    expect(await world.events("trial-error")).toEqual([]);
  });

  it("gives equal actions, keys and scores for equal seeds with one lane", async () => {
    const tables = [];
    for (const seed of [7, 7, 8]) {
      world = await openScriptedWorld({ seed, policy: "lookahead", budget: { trials: 8 } });
      await world.conductor().follow(world.run.id);
      tables.push((await world.trials()).map((trial) => [trial.key, trial.model, trial.learnt]));
      await world.close();
    }
    world = await openScriptedWorld();
    expect(tables[0]).toEqual(tables[1]);
    expect(tables[0]).not.toEqual(tables[2]);
  });

  it("fills several lanes without ever taking one action twice", async () => {
    world = await openScriptedWorld({ budget: { trials: 20 }, executor: { kind: "scripted", lanes: 4 } });
    await world.conductor({ behaviour: { seconds: () => 0.01 } }).follow(world.run.id);
    const trials = await world.trials();
    expect(trials.filter((trial) => trial.state === "done")).toHaveLength(20);
    expect(new Set(trials.map((trial) => trial.key)).size).toBe(trials.length);
    expect(new Set(world.submitted()).size).toBe(world.submitted().length);
  });

  it("ends when no untried action is left", async () => {
    world = await openScriptedWorld({ actions: { sft: { max_steps: [80] } }, max_depth: 1, mixture_datasets: 1, budget: { trials: 50 } });
    await world.conductor().follow(world.run.id);
    expect(await world.store.runs.find(world.run.id)).toMatchObject({ state: "finished", stateReason: "no untried action is left" });
    expect(await world.trials()).toHaveLength(4);
  });

  it("ends when the steps of the budget are done, and never goes over them", async () => {
    const actions = { sft: { max_steps: [80, 20] } };
    world = await openScriptedWorld({ policy: "lookahead", actions, mixture_datasets: 1, budget: { trials: 50, steps: 260 } });
    await world.conductor().follow(world.run.id);
    const run = await world.store.runs.find(world.run.id);
    expect(run).toMatchObject({ state: "finished", stateReason: "all 260 steps of the budget are done" });
    const trials = await world.trials();
    expect(trials.reduce((sum, { steps }) => sum + steps, 0)).toBe(260);
    expect(trials.filter(({ failure }) => failure === "refused")).toEqual([]);
    // The first look at the data is below full fidelity: in full it would take the whole budget.
    expect(trials[0]?.action.fidelity).toEqual({ data: 1, steps: 0.25 });
  });

  it("keeps a failed job as a result and goes on", async () => {
    world = await openScriptedWorld({ budget: { trials: 3 } });
    await world.conductor({ behaviour: { fault: (_, nth) => (nth === 3 ? "diverge" : null) } }).follow(world.run.id);
    const trials = await world.trials();
    expect(trials.map((trial) => trial.state)).toEqual(["done", "failed", "done"]);
    expect(trials[1]).toMatchObject({ failure: "diverged", model: null });
    expect((await world.store.memories.latest(world.run.id))?.failures).toMatchObject([{ reason: "diverged", count: 1, trials: [2] }]);
    expect(trials[2]?.model).toBe("m2");
  });

  it("answers known keys from what is there and does not count them against the budget", async () => {
    world = await openScriptedWorld({ actions: { sft: { max_steps: [80] } }, max_depth: 1, budget: { trials: 2 } });
    await world.conductor().follow(world.run.id);
    const before = world.submitted().length;
    const { createRun } = await import("#src/service/create-run.ts");
    const { preparedObjects } = await import("./scripted-world.ts");
    const again = await createRun(world.store, {
      config: { ...world.config, seed: 0 },
      prepared: preparedObjects(world.config, world.home),
      now: new Date(),
    });
    await world.conductor().follow(again.id);
    const trials = await world.store.trials.list(again.id);
    expect(trials.filter((trial) => trial.fromCache)).toHaveLength(2);
    expect(trials).toHaveLength(4);
    expect(world.submitted().length).toBe(before + 2);
  });
});
