import { afterEach, describe, expect, it } from "vitest";
import { pauseRun } from "#src/service/pause-run.ts";
import { resumeRun } from "#src/service/resume-run.ts";
import { stopRun } from "#src/service/stop-run.ts";
import { goneHolder } from "./crashing.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

const state = async () => (await world.store.runs.find(world.run.id))?.state;
const done = async () => (await world.trials()).filter((trial) => trial.state === "done").length;
const live = async () => (await world.store.jobs.live()).length;
const slow = { seconds: () => 0.15 };

describe("what people tell a run", () => {
  it("pauses: what is under way is finished, nothing new starts; and resumes", async () => {
    world = await openScriptedWorld({ budget: { trials: 4 } });
    const following = world.conductor({ behaviour: slow }).follow(world.run.id);
    await expect.poll(done, { timeout: 10_000 }).toBe(1);
    await pauseRun(world.store, world.run, { author: "Ann" });
    await expect.poll(async () => (await world.store.trials.live(world.run.id)).length, { timeout: 10_000 }).toBe(0);
    const count = (await world.trials()).length;
    await expect.poll(live, { interval: 100 }).toBe(0);
    expect((await world.trials()).length).toBe(count);
    expect(count).toBeLessThan(4);
    await resumeRun(world.store, world.run, { author: "Ann" });
    expect(await following).toBe("ended");
    expect(await done()).toBe(4);
  });

  it("stops: trials under way are finished first", async () => {
    world = await openScriptedWorld({ budget: { trials: 50 }, executor: { kind: "scripted", lanes: 2 } });
    const following = world.conductor({ behaviour: slow }).follow(world.run.id);
    await expect.poll(done, { timeout: 10_000 }).toBeGreaterThan(0);
    await stopRun(world.store, world.run, { now: false, author: "Ann" });
    expect(await following).toBe("ended");
    expect(await state()).toBe("stopped");
    const trials = await world.trials();
    expect(trials.every((trial) => trial.state === "done")).toBe(true);
    expect(trials.length).toBeLessThan(50);
  });

  it("stops at once: jobs are cancelled and their trials end as failed", async () => {
    world = await openScriptedWorld({ budget: { trials: 50 }, executor: { kind: "scripted", lanes: 2 } });
    const following = world.conductor({ behaviour: { seconds: () => (world.submitted().length > 1 ? 3600 : 0) } }).follow(world.run.id);
    await expect.poll(live, { timeout: 10_000 }).toBe(2);
    await stopRun(world.store, world.run, { now: true, author: "Ann" });
    expect(await following).toBe("ended");
    expect(await state()).toBe("stopped");
    expect((await world.trials()).slice(-2)).toMatchObject([
      { state: "failed", failure: "cancelled" },
      { state: "failed", failure: "cancelled" },
    ]);
    expect(await live()).toBe(0);
  });

  it("takes back open questions when it stops", async () => {
    world = await openScriptedWorld({ budget: { trials: 3 }, approval: { over: { device_hours: 0 }, max_pending: 2 } });
    const before = { ...world.config, approval: { ...world.config.approval, over: {} } };
    await world.store.runs.setConfig(world.run.id, before);
    const following = world.conductor({ behaviour: slow }).follow(world.run.id);
    await expect.poll(done, { timeout: 10_000 }).toBe(1);
    await world.store.runs.setConfig(world.run.id, world.config);
    await expect
      .poll(async () => (await world.store.approvals.list(world.run.id, "pending")).length, { timeout: 10_000 })
      .toBeGreaterThan(0);
    await stopRun(world.store, world.run, { now: false, author: "Ann" });
    expect(await following).toBe("ended");
    expect((await world.trials()).at(-1)).toMatchObject({ state: "skipped", failure: "withdrawn" });
    expect(await state()).toBe("stopped");
  });
});

describe("a run that meets its limits", () => {
  it("ends when what is left of a cap no longer holds what is wanted", async () => {
    world = await openScriptedWorld({ budget: { trials: 50, device_hours: 0.0001 } });
    expect(await world.conductor().follow(world.run.id)).toBe("ended");
    const run = await world.store.runs.find(world.run.id);
    expect(run?.state === "failed" ? run.stateReason : `${run?.state}: ${run?.stateReason}`).toMatch(/budget/);
    expect((await world.trials()).length).toBeLessThan(50);
  });

  it("pauses when a person's limit on single trials leaves nothing to do", async () => {
    const learning_rate = { min: 1e-5, max: 1e-3, scale: "log" };
    world = await openScriptedWorld({ budget: { trials: 50 }, actions: { sft: { max_steps: [80], learning_rate } } });
    await world.store.directives.add(world.run.id, { author: "Ann", text: "cap", body: { kind: "cap", deviceHoursPerTrial: 0 } });
    const drain = new AbortController();
    const following = world.conductor().follow(world.run.id, { signal: drain.signal });
    await expect.poll(state, { timeout: 20_000 }).toBe("paused");
    drain.abort();
    expect(await following).toBe("drained");
    expect((await world.trials()).map((trial) => trial.failure)).toEqual(Array.from({ length: 20 }, () => "refused"));
  });
});

describe("a conductor that is asked to go", () => {
  it("drains: no new trials, those under way are finished; a later one goes on", async () => {
    world = await openScriptedWorld({ budget: { trials: 3 } });
    const drain = new AbortController();
    const following = world.conductor({ behaviour: slow }).follow(world.run.id, { signal: drain.signal });
    await expect.poll(live, { timeout: 10_000 }).toBe(1);
    drain.abort();
    expect(await following).toBe("drained");
    expect(await live()).toBe(0);
    expect(await state()).toBe("running");
    expect(await world.conductor().follow(world.run.id)).toBe("ended");
    expect(await done()).toBe(3);
  });

  it("leaves at once, jobs go on and are adopted", async () => {
    world = await openScriptedWorld({ budget: { trials: 2 } });
    const leave = new AbortController();
    const conductor = world.conductor({ behaviour: { seconds: () => 0.6 } });
    const following = conductor.follow(world.run.id, { leave: leave.signal });
    await expect.poll(async () => (await world.store.trials.live(world.run.id))[0]?.state, { timeout: 10_000 }).toBe("running");
    await expect.poll(live, { timeout: 10_000 }).toBe(1);
    leave.abort(new Error("the person left"));
    expect(await following).toBe("left");
    expect(await live()).toBe(1);
    expect(await conductor.follow(world.run.id)).toBe("ended");
    expect(await done()).toBe(2);
    expect(new Set(world.submitted()).size).toBe(3);
    expect(await world.events("trial-error")).toEqual([]);
  });
});

describe("two conductors on one store", () => {
  it("share the trials of a run and never do one twice", async () => {
    world = await openScriptedWorld({ budget: { trials: 16 }, executor: { kind: "scripted", lanes: 2 }, baselines: { noise_repeats: 1 } });
    const follow = () => world.conductor({ behaviour: { seconds: () => 0.02 } }).follow(world.run.id);
    expect(await Promise.all([follow(), follow()])).toEqual(["ended", "ended"]);
    const trials = await world.trials();
    expect(trials.filter((trial) => trial.kind === "chosen")).toHaveLength(16);
    expect(trials.every((trial) => trial.state === "done")).toBe(true);
    expect(new Set(trials.map((trial) => trial.key)).size).toBe(trials.length);
    expect(new Set(trials.map((trial) => trial.model)).size).toBe(trials.length);
    for (const trial of trials) expect(await world.store.jobs.ofTrial(world.run.id, trial.number)).toHaveLength(1);
    expect(await world.events("trial-error")).toEqual([]);
  });

  it("leaves a live conductor's trial alone, and takes a dead one's", async () => {
    world = await openScriptedWorld({ budget: { trials: 1 } });
    const leave = new AbortController();
    const first = world.conductor({ behaviour: { seconds: () => 0.3 }, holder: goneHolder });
    const following = first.follow(world.run.id, { leave: leave.signal });
    await expect.poll(async () => (await world.store.trials.live(world.run.id)).length, { timeout: 10_000 }).toBe(1);
    leave.abort();
    await following;
    const resource = `run:${world.run.id}:trial:1`;
    await world.store.leases.acquire(resource, "elsewhere/boot/1/1/x", 600_000, Date.now());
    const drain = new AbortController();
    const second = world.conductor().follow(world.run.id, { signal: drain.signal });
    await expect.poll(async () => (await world.store.leases.list(`run:${world.run.id}`, Date.now())).length).toBe(1);
    expect((await world.trials())[0]?.state).not.toBe("done");
    await world.store.leases.release(resource, "elsewhere/boot/1/1/x");
    await world.store.leases.acquire(resource, goneHolder, 600_000, Date.now());
    expect(await second).toBe("ended");
    expect((await world.trials())[0]?.state).toBe("done");
  });
});
