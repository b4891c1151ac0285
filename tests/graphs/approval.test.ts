import { afterEach, describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { editApproval } from "#src/service/edit-approval.ts";
import { addStanding } from "#src/service/standing-approval.ts";
import type { Approval } from "#src/store/store.ts";
import { openScriptedWorld, type ScriptedWorld } from "./scripted-world.ts";

/** Every job costs more than nothing, so every one is asked about. */
const askAlways = { over: { device_hours: 0 } };

let world: ScriptedWorld;
afterEach(() => world.close());

const pending = () => world.store.approvals.list(world.run.id, "pending");

async function decide(approval: Approval | undefined, to: "approved" | "rejected", reason: string | null = null) {
  if (approval === undefined) throw new Error("there is no open approval");
  await decideApproval(world.store, { id: approval.id, to, by: "Ann", role: "owner", reason });
}

/** Follows until only people are waited for. */
const untilWaiting = () => world.conductor().follow(world.run.id, { leaveWhenWaiting: true });

/** A run that is past its base's evaluation, which has no trial to be asked about. */
async function openAsking(parts: Record<string, unknown> = {}) {
  world = await openScriptedWorld({ budget: { trials: 3 }, ...parts });
  const config = { ...world.config, approval: { ...world.config.approval, ...askAlways } };
  const drain = new AbortController();
  drain.abort();
  await evaluateBases();
  await world.store.runs.setConfig(world.run.id, config);
}

async function evaluateBases() {
  const paused = world.conductor();
  const { context } = await paused.open();
  const { view } = await context.desk(world.run.id);
  const { evaluateBase } = await import("#graphs/conductor/evaluate-base.ts");
  for (const base of view.bases) await evaluateBase(context, view, base, new AbortController().signal);
}

describe("a trial that needs a yes", () => {
  it("is parked with one open question and frees its lane, up to max_pending", async () => {
    await openAsking({ approval: { max_pending: 2 } });
    expect(await untilWaiting()).toBe("waiting");
    expect((await world.trials()).map((trial) => trial.state)).toEqual(["waiting", "waiting"]);
    expect((await pending()).map((approval) => approval.trial)).toEqual([1, 2]);
    expect(await untilWaiting()).toBe("waiting");
    expect(await pending()).toHaveLength(2);
    expect(world.submitted()).toHaveLength(1);
  });

  it("goes on once it was approved, also in another process", async () => {
    await openAsking({ approval: { max_pending: 1 }, budget: { trials: 1 } });
    await untilWaiting();
    await decide((await pending())[0], "approved");
    expect(await untilWaiting()).toBe("ended");
    expect(await world.trials()).toMatchObject([{ number: 1, state: "done", model: "m1" }]);
    const jobs = await world.store.jobs.ofTrial(world.run.id, 1);
    expect(jobs).toMatchObject([{ approvalId: `${world.run.id}-a1` }]);
  });

  it("goes on while its conductor waits", async () => {
    await openAsking({ budget: { trials: 1 } });
    const following = world.conductor().follow(world.run.id);
    await expect.poll(pending, { timeout: 10_000 }).toHaveLength(1);
    await decide((await pending())[0], "approved");
    expect(await following).toBe("ended");
    expect((await world.trials())[0]?.state).toBe("done");
  });

  it("is asked about anew when somebody changed it, and does what it was changed to", async () => {
    await openAsking({ approval: { max_pending: 1 }, budget: { trials: 1 }, actions: { sft: { max_steps: [80] } } });
    await untilWaiting();
    const [asked] = await pending();
    if (asked === undefined) throw new Error("there is no open approval");
    const edit = { id: asked.id, key: asked.key, changes: { max_steps: "33" }, by: "Ann", role: "approver" } as const;
    await expect(editApproval(world.store, world.run, { ...edit, role: "operator" })).rejects.toThrow("Ann is operator");
    await expect(editApproval(world.store, world.run, { ...edit, changes: { max_stepz: "1" } })).rejects.toThrow(
      'Did you mean "max_steps"?',
    );
    await expect(editApproval(world.store, world.run, { ...edit, changes: { max_steps: "80" } })).rejects.toThrow("nothing was changed");
    await editApproval(world.store, world.run, edit);
    await expect(decide(asked, "approved")).rejects.toThrow(/was cancelled by Ann/);
    expect(await untilWaiting()).toBe("waiting");
    const [again, ...others] = await pending();
    expect(others).toEqual([]);
    expect(again).toMatchObject({ trial: 1 });
    expect(again?.key).not.toBe(asked.key);
    expect(world.submitted()).toHaveLength(1);
    await decide(again, "approved");
    expect(await untilWaiting()).toBe("ended");
    expect(await world.trials()).toMatchObject([{ number: 1, state: "done", key: again?.key, action: { setting: { max_steps: 33 } } }]);
    expect(await world.store.jobs.ofTrial(world.run.id, 1)).toMatchObject([{ key: again?.key, approvalId: again?.id }]);
    expect(await world.events("approval-edit")).toEqual([expect.stringContaining("80 steps → ")]);
  });

  it("starts unasked under a yes given beforehand, until that is used up or taken back", async () => {
    await openAsking({ approval: { max_pending: 1 }, budget: { trials: 2 }, actions: { sft: { max_steps: [80, 20] } } });
    const wish = { actionType: "sft", deviceHours: 1e6, until: "2999-01-01T00:00:00.000Z" };
    await expect(addStanding(world.store, world.run, { wish, by: "Ann", role: "operator" })).rejects.toThrow("may not approve beforehand");
    const { id } = await addStanding(world.store, world.run, { wish, by: "Ann", role: "approver" });
    expect(await untilWaiting()).toBe("ended");
    const jobs = [...(await world.store.jobs.ofTrial(world.run.id, 1)), ...(await world.store.jobs.ofTrial(world.run.id, 2))];
    expect(jobs.map(({ approvalId }) => approvalId)).toEqual([id, id]);
    expect(await world.store.approvals.list(world.run.id)).toEqual([]);
  });

  it("is skipped when people say no, with their reason, and the run goes on", async () => {
    await openAsking({ approval: { max_pending: 1 }, budget: { trials: 1 } });
    await untilWaiting();
    await decide((await pending())[0], "rejected", "too dear");
    await untilWaiting();
    const trials = await world.trials();
    expect(trials[0]).toMatchObject({ state: "skipped", failure: "rejected", model: null });
    expect(trials[0]?.detail).toContain("too dear");
    expect(trials[1]).toMatchObject({ state: "waiting" });
    expect(trials[1]?.key).not.toBe(trials[0]?.key);
    await decide((await pending())[0], "approved");
    await untilWaiting();
    expect((await world.store.memories.latest(world.run.id))?.failures).toMatchObject([
      { reason: expect.stringContaining("too dear"), trials: [1] },
    ]);
  });

  it.each([
    ["skip", "skipped", "running"],
    ["stop", "skipped", "stopped"],
    ["ask_again", "waiting", "running"],
  ] as const)("does what on_expiry: %s says when nobody answers", async (onExpiry, trialState, runState) => {
    let time = Date.parse("2026-03-01T08:00:00Z");
    world = await openScriptedWorld({ budget: { trials: 1 }, approval: { max_pending: 1, on_expiry: onExpiry } }, () => new Date(time));
    await evaluateBases();
    await world.store.runs.setConfig(world.run.id, { ...world.config, approval: { ...world.config.approval, ...askAlways } });
    await untilWaiting();
    time += 13 * 3_600_000;
    await untilWaiting();
    expect((await world.store.approvals.find(`${world.run.id}-a1`))?.state).toBe("expired");
    expect((await world.trials())[0]?.state).toBe(trialState);
    expect((await world.store.runs.find(world.run.id))?.state).toBe(runState);
    expect(await pending()).toHaveLength(runState === "running" ? 1 : 0);
  });

  it("is asked about once as a batch when it is a baseline", async () => {
    await openAsking({ baselines: { noise_repeats: 1, ties_grid: false, sft_all_compute: null }, budget: { trials: 1 } });
    expect(await untilWaiting()).toBe("waiting");
    const [question, ...others] = await pending();
    expect(others).toEqual([]);
    expect(question).toMatchObject({ trial: null, batch: "baselines" });
    expect(await world.trials()).toEqual([]);
    await decide(question, "approved");
    await untilWaiting();
    const trials = await world.trials();
    expect(trials.filter((trial) => trial.kind !== "chosen").map((trial) => trial.state)).toEqual(Array.from({ length: 6 }, () => "done"));
    expect((await pending()).map((approval) => approval.batch)).toEqual([null]);
  });

  it("is asked about again as a batch that came to hold more than was approved", async () => {
    const baselines = { noise_repeats: 1, ties_grid: true };
    await openAsking({ baselines, budget: { trials: 1 } });
    await untilWaiting();
    const [first] = await pending();
    await decide(first, "approved");
    const run = await world.store.runs.find(world.run.id);
    if (run === null || run.config.baselines === false) throw new Error("the run has no baselines");
    await world.store.runs.setConfig(run.id, { ...run.config, baselines: { ...run.config.baselines, noise_repeats: 2 } });
    expect(await untilWaiting()).toBe("waiting");
    const [second, ...others] = await pending();
    expect(others).toEqual([]);
    expect(second).toMatchObject({ trial: null, batch: "baselines", members: expect.arrayContaining([...(first?.members ?? [])]) });
    expect(second?.members.length).toBeGreaterThan(first?.members.length ?? 0);
    expect(world.submitted()).toHaveLength(1);
    await decide(second, "approved");
    await untilWaiting();
    expect((await world.trials()).filter(({ kind }) => kind === "repeat").map(({ state }) => state)).toEqual(["done", "done"]);
    expect((await pending()).map((approval) => approval.batch)).toEqual([null]);
  });

  it("is asked about from the very start, the base's evaluation included, where people want to be asked about all", async () => {
    world = await openScriptedWorld({ budget: { trials: 1 }, approval: askAlways, baselines: { noise_repeats: 1 } });
    expect(await untilWaiting()).toBe("waiting");
    expect(await pending()).toMatchObject([{ trial: null, batch: "baselines" }]);
    expect(world.submitted()).toEqual([]);
    await decide((await pending())[0], "approved");
    await untilWaiting();
    expect(await world.events("base-evaluate")).toHaveLength(1);
    expect(await pending()).toMatchObject([{ trial: expect.any(Number), batch: null }]);
    expect(await world.events("trial-error")).toEqual([]);
  });

  it("ends the run when the base may not be evaluated", async () => {
    world = await openScriptedWorld({ approval: askAlways });
    await untilWaiting();
    await decide((await pending())[0], "rejected", "not now");
    expect(await untilWaiting()).toBe("ended");
    expect((await world.store.runs.find(world.run.id))?.stateReason).toContain("may not be evaluated");
  });

  it("leaves the baselines out when people reject them", async () => {
    await openAsking({ baselines: {}, budget: { trials: 1 } });
    await untilWaiting();
    await decide((await pending())[0], "rejected", "we know them");
    await untilWaiting();
    expect((await world.trials()).map((trial) => trial.kind)).toEqual(["chosen"]);
  });
});
