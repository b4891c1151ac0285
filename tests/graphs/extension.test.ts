import { afterEach, describe, expect, it } from "vitest";
import type { Person } from "#src/approval/person.ts";
import type { RunConfig } from "#src/config/run-config.ts";
import { addedObjects } from "#src/service/extension/added-objects.ts";
import { knownObjects, namesOf } from "#src/service/extension/known-objects.ts";
import { extendRun } from "#src/service/extension/extend-run.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import type { Attempt } from "#tools/executors/executor.ts";
import { openScriptedWorld, preparedObjects, scriptedConfig, type ScriptedWorld } from "./scripted-world.ts";

const ana: Person = { platform: "terminal", id: "ana", name: "ana", role: "owner" };

let world: ScriptedWorld;
afterEach(() => world.close());

/** The world's config with more in it. */
function widened(parts: { models?: string[]; datasets?: string[]; tasks?: string[] }): RunConfig {
  const { config } = world;
  const more = scriptedConfig({
    models: Object.fromEntries((parts.models ?? []).map((name) => [name, { path: `scripted/${name}` }])),
    datasets: Object.fromEntries((parts.datasets ?? []).map((name) => [name, { path: `scripted/${name}.jsonl` }])),
    tasks: Object.fromEntries(
      (parts.tasks ?? []).map((name) => [
        name,
        { kind: "generate", path: `scripted/${name}`, verifier: { kind: "exact" }, max_new_tokens: 8 },
      ]),
    ),
  });
  return {
    ...config,
    models: { ...config.models, ...more.models },
    datasets: { ...config.datasets, ...more.datasets },
    tasks: { ...config.tasks, ...more.tasks },
  };
}

async function extend(parts: Parameters<typeof widened>[0]) {
  const config = widened(parts);
  const added = addedObjects(world.config, config);
  return extendRun(world.store, world.run, {
    added,
    prepared: preparedObjects(config, world.home),
    compared: namesOf(await knownObjects(world.store, world.run)),
    estimate: null,
    person: ana,
    now: new Date(),
  });
}

/** Trainings end when the test says so. */
function holdTrainings() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const started = new Map<number, () => void>();
  let count = 0;
  return {
    behaviour: {
      seconds({ request }: Attempt) {
        const isTraining = request.steps.some(({ name }) => name === "train");
        if (isTraining) started.get((count += 1))?.();
        return Number(isTraining);
      },
    },
    clock: { now: () => Date.now() / 1000, sleep: () => promise },
    /** The trials whose trainings run, once there are so many. */
    async underWay(wanted: number): Promise<number[]> {
      if (count < wanted) await new Promise<void>((there) => started.set(wanted, there));
      return (await world.trials()).map(({ number }) => number);
    },
    release: resolve,
  };
}

const follow = () => world.conductor().follow(world.run.id);

async function giveTrials(trials: number) {
  const run = await world.store.runs.find(world.run.id);
  if (run === null) throw new Error("no run");
  await world.store.runs.setConfig(run.id, { ...run.config, budget: { ...run.config.budget, trials } });
  await world.store.runs.setState(run.id, ["finished"], "running", "its budget was raised");
}

const scoresOf = async () =>
  Object.fromEntries(
    (await leaderboard(world.store, (await world.store.runs.find(world.run.id)) ?? world.run)).map(({ model, tasks }) => [
      model,
      Object.keys(tasks),
    ]),
  );

describe("a run that something joins", () => {
  it("measures its models on a new task first, and goes on with all of them ranked", async () => {
    world = await openScriptedWorld({ budget: { trials: 3 } });
    await follow();
    const before = await scoresOf();
    expect(Object.keys(before)).toHaveLength(4);
    const jobs = world.submitted().length;
    const text = await extend({ tasks: ["safety"] });
    expect(text).toBe("ana added task safety to scripted. 4 models are measured on it first.");
    expect(await scoresOf()).toEqual({});
    await giveTrials(4);
    expect(await follow()).toBe("ended");
    const after = await scoresOf();
    expect(Object.keys(after)).toHaveLength(5);
    expect(new Set(Object.values(after).map((tasks) => tasks.join()))).toEqual(new Set(["math,trivia,common,safety"]));
    // Four models on one task each, and one new trial: nothing is evaluated twice.
    expect(world.submitted()).toHaveLength(jobs + 5);
  });

  it("disturbs nothing under way: what a trial makes is measured on the new task after its own job", async () => {
    world = await openScriptedWorld({ budget: { trials: 6 }, executor: { kind: "scripted", lanes: 2 } });
    const held = holdTrainings();
    const following = world.conductor(held).follow(world.run.id);
    const under = await held.underWay(2);
    await extend({ tasks: ["safety"], datasets: ["extra"] });
    held.release();
    expect(await following).toBe("ended");
    const trials = await world.trials();
    expect(trials.map(({ state, failure }) => [state, failure])).toEqual(Array.from({ length: 6 }, () => ["done", null]));
    for (const number of under) {
      const jobs = await world.store.jobs.ofTrial(world.run.id, number);
      expect(jobs.map(({ purpose }) => purpose)).toEqual(["train", "evaluate"]);
    }
    const scores = await scoresOf();
    expect(Object.keys(scores)).toHaveLength(7);
    expect(Object.values(scores).every((tasks) => tasks.includes("safety"))).toBe(true);
  });

  it("comes to the same when the conductor leaves in the middle and another one takes over", async () => {
    world = await openScriptedWorld({ budget: { trials: 5 }, executor: { kind: "scripted", lanes: 2 } });
    const leave = new AbortController();
    const held = holdTrainings();
    const following = world.conductor(held).follow(world.run.id, { leave: leave.signal });
    await held.underWay(2);
    await extend({ tasks: ["safety"] });
    leave.abort();
    expect(await following).toBe("left");
    held.release();
    expect(await follow()).toBe("ended");
    expect((await world.trials()).map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => "done"));
    expect(Object.values(await scoresOf()).filter((tasks) => tasks.includes("safety"))).toHaveLength(6);
  });

  it("chooses from new datasets and builds on a new base, once that is measured on every task", async () => {
    world = await openScriptedWorld({ budget: { trials: 2 } });
    await follow();
    expect(await extend({ models: ["second"], datasets: ["extra"] })).toBe(
      "ana added model second and dataset extra to scripted. second is m3.",
    );
    await giveTrials(40);
    await follow();
    const used = (await world.trials()).filter(({ number }) => number > 2).map(({ action }) => action);
    expect(used.some(({ datasets }) => datasets.includes("extra"))).toBe(true);
    expect(used.some(({ models }) => models.includes("m3"))).toBe(true);
    expect(await world.events("base-evaluate")).toEqual([
      expect.stringContaining("Base m0 (base) scores"),
      expect.stringContaining("Base m3 (second) scores"),
    ]);
  });

  it("teaches its policy anew what was learnt, on the tasks of now", async () => {
    world = await openScriptedWorld({ budget: { trials: 3 } });
    await follow();
    await extend({ tasks: ["safety"] });
    await giveTrials(4);
    const conductor = world.conductor();
    await conductor.follow(world.run.id);
    const { context } = await conductor.open();
    const { view } = await context.desk(world.run.id);
    expect(view.tasks).toEqual(["math", "trivia", "common", "safety"]);
    expect(view.trials.map(({ scores }) => Object.keys(scores ?? {}).length)).toEqual([4, 4, 4, 4]);
    expect(Object.keys(view.weights)).toHaveLength(4);
  });

  it("makes the fixed baselines of what joined, too", async () => {
    world = await openScriptedWorld({ budget: { trials: 1 }, baselines: { noise_repeats: 1, ties_grid: false, sft_all_compute: null } });
    await follow();
    const labels = async () =>
      (await world.trials()).flatMap(({ label, action }) => (label === null ? [] : [`${label} ${action.datasets.length}`]));
    expect(await labels()).toEqual(["single 1", "single 1", "single 1", "single 1", "sft_all 4", "noise 1"]);
    await extend({ datasets: ["extra"] });
    await giveTrials(2);
    await follow();
    expect((await labels()).slice(6)).toEqual(expect.arrayContaining(["single 1", "sft_all 5"]));
  });

  it("leaves out a model that cannot be measured on the new task, and goes on", async () => {
    world = await openScriptedWorld({ budget: { trials: 2 } });
    await follow();
    await extend({ tasks: ["safety"] });
    await giveTrials(3);
    const behaviour = {
      fault: (attempt: Attempt, nth: number) =>
        nth > 1 && attempt.request.steps.every(({ name }) => name === "evaluate") ? ("crash" as const) : null,
    };
    expect(await world.conductor({ behaviour }).follow(world.run.id)).toBe("ended");
    expect(await world.events("late-measure")).toEqual([
      expect.stringContaining("m1 could not be measured on what joined (safety)"),
      expect.stringContaining("m2 could not be measured on what joined (safety)"),
    ]);
    expect(Object.keys(await scoresOf()).toSorted()).toEqual(["m0", "m3"]);
  });
});
