import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import type { Attempt } from "#tools/executors/executor.ts";
import type { Fault } from "#tools/executors/scripted/behaviour.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

let world: ScriptedWorld;
afterEach(() => world.close());

const pending = () => world.store.approvals.list(world.run.id, "pending");
const trains = (attempt: Attempt) => attempt.request.steps.some((step) => step.script === "sft");

/** Follows until only people are waited for, with trainings that end as their count says. */
const follow = (fault: (training: number) => Fault | null) => {
  let trainings = 0;
  const behaviour = { fault: (attempt: Attempt) => (trains(attempt) ? fault(++trainings) : null) };
  return world.conductor({ behaviour }).follow(world.run.id, { leaveWhenWaiting: true });
};

const jobsOfFirst = async () => (await world.store.jobs.ofTrial(world.run.id, 1)).map(({ purpose, failure }) => [purpose, failure]);

async function answer(to: "approved" | "rejected") {
  const [approval] = await pending();
  if (approval === undefined) throw new Error("nothing is asked");
  await decideApproval(world.store, { id: approval.id, to, by: "Ann", role: "owner", reason: null });
  return approval;
}

const sftOnly = { actions: { sft: { max_steps: [80, 20] } }, budget: { trials: 4 } };

describe("a training that runs out of memory again with half the batch", () => {
  it("pauses its action type and asks, instead of spending the budget", async () => {
    world = await openScriptedWorld(sftOnly);
    expect(await follow(() => "out-of-memory")).toBe("waiting");
    expect(await world.trials()).toMatchObject([{ state: "failed", failure: "out_of_memory" }]);
    expect(await pending()).toMatchObject([
      {
        trial: null,
        batch: "sft",
        why: expect.stringMatching(/^sft failed twice in trial 1 of out of memory: .*The log says: scripted: out_of_memory/),
      },
    ]);
    expect(await world.events("type-pause")).toHaveLength(1);
    expect(await world.events("job-retry")).toHaveLength(1);
  });

  it("is tried again when people say so, and asked about anew when it fails again", async () => {
    world = await openScriptedWorld(sftOnly);
    await follow(() => "out-of-memory");
    await answer("approved");
    expect(await follow(() => "out-of-memory")).toBe("waiting");
    expect((await world.trials()).map(({ failure }) => failure)).toEqual(["out_of_memory", "out_of_memory"]);
    await answer("approved");
    expect(await follow(() => null)).toBe("ended");
    expect((await world.trials()).map(({ state }) => state)).toEqual(["failed", "failed", "done", "done"]);
  });

  it("keeps no other action type from being tried", async () => {
    world = await openScriptedWorld({
      actions: { sft: { max_steps: [80, 20] }, merge_linear: {} },
      budget: { trials: 12 },
      merge_parents: 2,
    });
    expect(await follow((n) => (n > 1 ? "out-of-memory" : null))).toBe("ended");
    const types = (await world.trials()).map(({ action, state }) => `${action.type} ${state}`);
    expect(types.filter((type) => type === "sft failed")).toHaveLength(1);
    expect(types.slice(types.indexOf("sft failed") + 1)).toEqual(expect.arrayContaining(["merge_linear done"]));
    expect(types.slice(types.indexOf("sft failed") + 1)).not.toContain("sft done");
  });

  it("ends the run when nothing else is left", async () => {
    world = await openScriptedWorld(sftOnly);
    await follow(() => "out-of-memory");
    await answer("rejected");
    expect(await follow(() => null)).toBe("ended");
    expect((await world.store.runs.find(world.run.id))?.stateReason).toBe("every action type failed and is left out");
  });
});

describe("a training that reaches its time limit", () => {
  it("asks for more time with a new estimate, goes on with a yes, and pauses its action type the second time", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 2 }, approval: { max_pending: 1 } });
    expect(await follow(() => "timeout")).toBe("waiting");
    const asked = await answer("approved");
    expect(asked).toMatchObject({ trial: 1, batch: null, why: expect.stringContaining("it needs more time") });
    expect(asked.estimate.basis).toMatch(/a try that ended after/);
    expect(await world.trials()).toMatchObject([{ state: "waiting" }]);
    await follow(() => "timeout");
    expect(await world.trials()).toMatchObject([{ state: "failed", failure: "timeout" }]);
    expect(await pending()).toMatchObject([{ batch: "sft" }]);
    expect((await world.store.jobs.ofTrial(world.run.id, 1)).map(({ approvalId }) => approvalId)).toEqual([null, asked.id]);
  });

  it("fails for want of time when people do not give it", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 } });
    await follow(() => "timeout");
    await answer("rejected");
    await follow(() => null);
    expect(await world.trials()).toMatchObject([
      { state: "failed", failure: "timeout", detail: expect.stringContaining("It did not get it: rejected by Ann") },
    ]);
  });

  it("gets more time once where the config says so, but nothing over the threshold", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 }, approval: { on_time_limit: "extend" } });
    expect(await follow((n) => (n === 1 ? "timeout" : null))).toBe("ended");
    expect(await world.trials()).toMatchObject([{ state: "done" }]);
    await world.close();
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 }, approval: { on_time_limit: "extend" } });
    await follow(() => "timeout");
    expect(await world.trials()).toMatchObject([{ state: "failed", failure: "timeout" }]);
    expect(await jobsOfFirst()).toHaveLength(2);
    await world.close();
    const over = { device_hours: 0.00001 };
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 }, approval: { on_time_limit: "extend", over } });
    await follow(() => "timeout");
    await answer("approved");
    expect(await follow(() => "timeout")).toBe("waiting");
    expect(await pending()).toMatchObject([{ trial: 1 }]);
  });

  it("asks about a baseline by itself, whatever was approved for all of them", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 }, baselines: { noise_repeats: 0, ties_grid: false } });
    expect(await follow((n) => (n === 1 ? "timeout" : null))).toBe("waiting");
    expect(await pending()).toMatchObject([{ trial: 1, batch: null }]);
    await answer("approved");
    expect(await follow(() => null)).toBe("ended");
    expect(await world.trials()).toMatchObject([
      { kind: "baseline", state: "done" },
      {},
      {},
      {},
      {},
      {},
      { kind: "chosen", state: "done" },
    ]);
  });
});

describe("a job whose node is lost", () => {
  it("is tried again once; the second time people are asked", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 2 } });
    expect(await follow((n) => (n === 1 ? "lose" : null))).toBe("ended");
    expect((await world.trials()).map(({ state }) => state)).toEqual(["done", "done"]);
    await world.close();
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 2 } });
    expect(await follow(() => "lose")).toBe("waiting");
    expect(await pending()).toMatchObject([{ batch: "sft", why: expect.stringContaining("twice in trial 1 of lost") }]);
  });
});

describe("an answer that nobody gives", () => {
  it.each([
    ["lose", "ended", ["failed", "done", "done"]],
    ["out-of-memory", "ended", ["failed"]],
  ] as const)("ends the pause after an accident only (%s)", async (fault, end, states) => {
    let time = Date.parse("2026-03-01T08:00:00Z");
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 3 } }, () => new Date(time));
    await follow(() => fault);
    time += 13 * 3_600_000;
    expect(await follow(() => null)).toBe(end);
    expect((await world.trials()).map(({ state }) => state)).toEqual(states);
  });
});

describe("baselines of an action type that keeps failing", () => {
  it("wait for the answer, and are left out after a no", async () => {
    world = await openScriptedWorld({ ...sftOnly, budget: { trials: 1 }, baselines: { noise_repeats: 0, ties_grid: false } });
    expect(await follow(() => "out-of-memory")).toBe("waiting");
    expect(await world.trials()).toHaveLength(1);
    await answer("rejected");
    expect(await follow(() => null)).toBe("ended");
    expect(await world.trials()).toHaveLength(1);
  });
});

describe("a training that may take over ten minutes", () => {
  /** Work that the cost model's prior takes for half an hour. */
  const long = { actions: { sft: { max_steps: [40_000_000] } }, budget: { trials: 2 } };

  it("goes after a canary of a few steps, once for each action type and dataset", async () => {
    world = await openScriptedWorld({ ...long, datasets: { math: { path: "scripted/math" } } });
    expect(await follow(() => null)).toBe("ended");
    expect(await jobsOfFirst()).toEqual([
      ["canary", null],
      ["train", null],
    ]);
    expect((await world.store.jobs.ofTrial(world.run.id, 2)).map(({ purpose }) => purpose)).toEqual(["train"]);
    expect(await world.events("canary")).toEqual([
      expect.stringContaining("Before the whole of trial 1"),
      expect.stringContaining("The canary of trial 1"),
    ]);
  });

  it("is not begun when its canary fails", async () => {
    world = await openScriptedWorld({ ...long, budget: { trials: 1 } });
    await follow(() => "diverge");
    expect(await jobsOfFirst()).toEqual([["canary", "diverged"]]);
    expect(await world.trials()).toMatchObject([{ failure: "diverged", detail: expect.stringContaining("in a canary of a few steps") }]);
  });

  it("starts with the half of the batch that its canary needed", async () => {
    world = await openScriptedWorld({ ...long, budget: { trials: 1 } });
    await follow((n) => (n === 1 ? "out-of-memory" : null));
    expect(await jobsOfFirst()).toEqual([
      ["canary", "out_of_memory"],
      ["canary", null],
      ["train", null],
    ]);
    const last = (await world.store.jobs.ofTrial(world.run.id, 1)).at(-1);
    const request = JSON.parse(await readFile(join(last?.directory ?? "", "steps/train/request.json"), "utf8"));
    expect(request.settings.gradient_accumulation_steps).toBe(2);
  });
});
