import { describe, expect, it } from "vitest";
import { admit, type AdmissionRequest } from "#src/budget/admission.ts";
import { llmAllowance } from "#src/budget/llm-allowance.ts";
import type { Approval, Estimate } from "#src/store/store.ts";
import { sampleAction, sampleApproval, sampleConfig, sampleEstimate, sampleJob, sampleTrial } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const config = sampleConfig({
  budget: { trials: 2, device_hours: 10, usd: 30, usd_per_device_hour: 2, llm_usd: 1, llm_tokens: 1000, disk_gb: 1 },
  approval: { over: { device_hours: 2, usd: 5 }, expires_hours: 12 },
});

function hours(p90: number): Estimate {
  return { ...sampleEstimate, deviceHoursP50: p90 / 2, deviceHoursP90: p90, usdP50: p90, usdP90: p90 * 2 };
}

const baselines = (...members: string[]): AdmissionRequest["batch"] => ({ name: "baselines", members });

function trainingOf(key: string, steps: number) {
  const { setting } = sampleAction();
  return sampleTrial(key, { action: sampleAction({ setting: { ...setting, max_steps: steps } }) });
}

describe("admit", () => {
  const state = useSqliteStore({ config });
  const ask = (changes: Partial<AdmissionRequest> = {}) =>
    state.store.transaction((inside) =>
      admit(inside, { run: "three-skills.1", trial: 1, batch: null, key: "k1", estimate: hours(1), now: state.clock.now, ...changes }),
    );
  const trial = (key = "k1") => state.store.trials.create(sampleTrial(key));
  const approve = async (id: string, changes: Partial<Approval> = {}, to: "approved" | "rejected" = "approved") => {
    const approval = sampleApproval(id, "k1", { trial: 1, estimate: hours(3), ...changes });
    await state.store.approvals.create(approval);
    await state.store.approvals.decide(id, approval.key, to, "ana", to === "rejected" ? "too dear" : null);
  };

  it("admits what is under the threshold and within every cap", async () => {
    await trial();
    expect(await ask()).toEqual({ verdict: "admitted", approvalId: null });
  });

  it("asks when the p90 is over the threshold, in time or in money", async () => {
    await trial();
    expect(await ask({ estimate: hours(2.4) })).toEqual({ verdict: "ask", why: "up to 2.4 device-hours, over 2.0 device-hours" });
    expect(await ask({ estimate: { ...hours(1), usdP90: 6 } })).toEqual({ verdict: "ask", why: "up to $6.00, over $5.00" });
    expect(await ask({ estimate: hours(2) })).toMatchObject({ verdict: "admitted" });
  });

  it("refuses what could go over a cap, with live jobs counted at their p90", async () => {
    await trial();
    await state.store.jobs.create(sampleJob("a-1", "a", { estimate: hours(6) }));
    await state.store.jobs.create(sampleJob("b-1", "b", { estimate: hours(3), state: "submitted" }));
    await state.store.jobs.update("b-1", { state: "finished", outcome: "finished", deviceSeconds: 3.5 * 3600 });
    expect(await ask()).toEqual({
      verdict: "refuse",
      why: "budget.device_hours is 10.0 device-hours, of which 9.5 device-hours are spent or reserved; this needs up to 1.0 device-hours",
    });
    expect(await ask({ estimate: hours(0.5) })).toMatchObject({ verdict: "admitted" });
  });

  it("refuses what could go over the money, language models counted", async () => {
    await trial();
    await state.store.jobs.create(sampleJob("a-1", "a", { state: "finished", deviceSeconds: 9 * 3600 }));
    const call = {
      runId: "three-skills.1",
      trial: null,
      role: "chat",
      model: "x",
      outcome: "ok",
      detail: null,
      latencyMs: 1,
      createdAt: "now",
    } as const;
    await state.store.llmCalls.add({ ...call, inputTokens: 1, outputTokens: 1, usd: 11 });
    expect(await ask()).toMatchObject({ verdict: "refuse", why: expect.stringContaining("budget.usd is $30.00, of which $29.00") });
  });

  it("counts a chosen trial once, however many attempts it takes, and no baseline", async () => {
    for (const key of ["k1", "k2", "k3"]) await trial(key);
    await state.store.trials.create(sampleTrial("base", { kind: "baseline" }));
    for (const number of [1, 2]) {
      await state.store.jobs.create(sampleJob(`k${number}-1`, `k${number}`, { trial: number, estimate: hours(0.1) }));
    }
    expect(await ask({ trial: 3, key: "k3" })).toEqual({
      verdict: "refuse",
      why: "budget.trials is 2 trials, of which 2 trials are spent or reserved",
    });
    expect(await ask({ trial: 1 })).toMatchObject({ verdict: "admitted" });
    expect(await ask({ trial: 4, key: "base", batch: baselines("base") })).toMatchObject({ verdict: "admitted" });
  });

  it("refuses a training that takes more steps than are left, counts what is under way, and lets merges pass", async () => {
    const { store } = state;
    await store.runs.setConfig("three-skills.1", { ...config, budget: { trials: 9, usd_per_device_hour: 0, steps: 200 } });
    await store.trials.create(trainingOf("k1", 80));
    await store.jobs.create(sampleJob("k1-1", "k1", { trial: 1, estimate: hours(0.1) }));
    await store.trials.update("three-skills.1", 1, { state: "done", steps: 80 });
    await store.trials.create(trainingOf("k2", 80));
    await store.jobs.create(sampleJob("k2-1", "k2", { trial: 2, estimate: hours(0.1) }));
    await store.trials.create(trainingOf("k3", 80));
    await store.trials.create(trainingOf("k4", 40));
    expect(await ask({ trial: 3, key: "k3", estimate: hours(0.1) })).toEqual({
      verdict: "refuse",
      why: "budget.steps is 200 steps, of which 160 steps are spent or reserved; this needs up to 80 steps",
    });
    expect(await ask({ trial: 4, key: "k4", estimate: hours(0.1) })).toMatchObject({ verdict: "admitted" });
    const merge = { ...sampleAction(), type: "merge_linear" as const, models: ["m1", "m2"], datasets: [], setting: { weights: "equal" } };
    await store.trials.create(sampleTrial("k5", { action: merge }));
    expect(await ask({ trial: 5, key: "k5", estimate: hours(0.1) })).toMatchObject({ verdict: "admitted" });
  });

  it("refuses when the disk is used up", async () => {
    await trial();
    expect(await ask({ diskBytes: 0.9e9 })).toMatchObject({ verdict: "admitted" });
    expect(await ask({ diskBytes: 1.1e9 })).toMatchObject({ verdict: "refuse", why: expect.stringContaining("budget.disk_gb is 1.0 GB") });
  });

  it("takes an approval of this action and puts the job on it", async () => {
    await trial();
    await approve("a1");
    expect(await ask({ estimate: hours(3) })).toEqual({ verdict: "admitted", approvalId: "a1" });
  });

  it("takes the trial's approval for the evaluation of its model, which has a key of its own", async () => {
    await trial();
    await approve("a1");
    expect(await ask({ key: "evaluation-of-k1", estimate: hours(3) })).toEqual({ verdict: "admitted", approvalId: "a1" });
  });

  it("takes a yes given beforehand for its kind, up to its amount and time, until it is taken back", async () => {
    await trial();
    const run = "three-skills.1";
    const { id } = await state.store.standingApprovals.add({
      runId: run,
      actionType: "sft",
      deviceHours: 5,
      until: "2026-01-03T00:00:00.000Z",
      author: "ana",
    });
    expect(await ask({ estimate: hours(3) })).toEqual({ verdict: "admitted", approvalId: id });
    expect(await ask({ estimate: hours(5.1) })).toMatchObject({ verdict: "ask" });
    expect(await ask({ estimate: hours(3), now: new Date("2026-01-03T00:00:00.000Z") })).toMatchObject({ verdict: "ask" });
    expect(await ask({ estimate: hours(3), trial: null, batch: baselines("k1") })).toMatchObject({ verdict: "ask" });
    await state.store.trials.create(sampleTrial("dpo", { action: sampleAction({ type: "dpo", datasets: ["prefs"] }) }));
    expect(await ask({ estimate: hours(3), trial: 2, key: "dpo" })).toMatchObject({ verdict: "ask" });
    await state.store.jobs.create(sampleJob("k9-1", "k9", { approvalId: id, state: "finished", deviceSeconds: 2.5 * 3600 }));
    expect(await ask({ estimate: hours(2.4) })).toMatchObject({ verdict: "admitted", approvalId: id });
    expect(await ask({ estimate: hours(3) })).toMatchObject({ verdict: "ask" });
    await state.store.standingApprovals.revoke(run, id);
    expect(await ask({ estimate: hours(2.4) })).toMatchObject({ verdict: "ask" });
  });

  it("never takes a yes given beforehand for what two people have to approve", async () => {
    await state.store.runs.setConfig("three-skills.1", {
      ...config,
      approval: { ...config.approval, two_approvers_over: { device_hours: 2.5 } },
    });
    await trial();
    const standing = { runId: "three-skills.1", actionType: null, deviceHours: 9, until: "2026-01-03T00:00:00.000Z", author: "ana" };
    await state.store.standingApprovals.add(standing);
    expect(await ask({ estimate: hours(2.4) })).toMatchObject({ verdict: "admitted" });
    expect(await ask({ estimate: hours(2.6) })).toMatchObject({ verdict: "ask" });
  });

  it("asks again when the approval was for another action", async () => {
    await trial();
    await approve("a1", { key: "something-else" });
    expect(await ask({ estimate: hours(3) })).toMatchObject({ verdict: "ask" });
  });

  it("asks again when attempts together would go a quarter over what was approved", async () => {
    await trial();
    await approve("a1");
    expect(await ask({ estimate: hours(3.75) })).toMatchObject({ verdict: "admitted" });
    expect(await ask({ estimate: hours(3.8) })).toEqual({
      verdict: "ask",
      why: "it was approved at up to 3.0 device-hours and would now take up to 3.8 device-hours",
    });
    await state.store.jobs.create(sampleJob("k1-1", "k1", { trial: 1, approvalId: "a1", state: "finished", deviceSeconds: 3600 }));
    expect(await ask({ estimate: hours(2.7) })).toMatchObject({ verdict: "admitted" });
    expect(await ask({ estimate: hours(3) })).toMatchObject({ verdict: "ask" });
  });

  it("asks again when an approval lay unused for too long, but not in the middle of the work", async () => {
    await trial();
    await approve("a1");
    const later = new Date(state.clock.now.getTime() + 12.1 * 3_600_000);
    expect(await ask({ estimate: hours(2.5), now: later })).toMatchObject({
      verdict: "ask",
      why: expect.stringContaining("more than 12 hours ago"),
    });
    await state.store.jobs.create(sampleJob("k1-1", "k1", { trial: 1, approvalId: "a1", state: "finished", deviceSeconds: 60 }));
    expect(await ask({ estimate: hours(2.5), now: later })).toMatchObject({ verdict: "admitted", approvalId: "a1" });
  });

  it("refuses what people rejected, waits for what is open, and asks anew after an expiry", async () => {
    await trial();
    await approve("a1", {}, "rejected");
    expect(await ask({ estimate: hours(3) })).toEqual({ verdict: "refuse", why: "rejected by ana: too dear" });
    await state.store.approvals.create(sampleApproval("a2", "k1", { trial: 1, why: "up to 3.0 device-hours, over 2.0 device-hours" }));
    expect(await ask({ estimate: hours(3) })).toMatchObject({ verdict: "ask" });
    await state.store.approvals.decide("a2", "k1", "expired", "conductor", null);
    expect(await ask({ estimate: hours(3) })).toMatchObject({ verdict: "ask" });
  });

  it("takes one approval for all jobs of a batch, up to what was estimated for it", async () => {
    await approve("a1", { trial: null, batch: "baselines", key: "batch", members: ["x", "y", "z"], estimate: hours(4) });
    const askFor = (key: string) => ask({ trial: null, batch: baselines(key), key, estimate: hours(2.5) });
    expect(await askFor("x")).toEqual({ verdict: "admitted", approvalId: "a1" });
    await state.store.jobs.create(sampleJob("x-1", "x", { approvalId: "a1", estimate: hours(2.5) }));
    expect(await askFor("y")).toEqual({ verdict: "admitted", approvalId: "a1" });
    await state.store.jobs.create(sampleJob("y-1", "y", { approvalId: "a1", estimate: hours(2.5) }));
    expect(await askFor("z")).toMatchObject({ verdict: "ask" });
  });

  it("takes an approval of a batch for what it lists and for nothing else", async () => {
    await approve("a1", { trial: null, batch: "baselines", key: "batch", members: ["x", "y"], estimate: hours(9) });
    const askFor = (batch: AdmissionRequest["batch"]) => ask({ trial: null, batch, key: "job", estimate: hours(2.5) });
    expect(await askFor(baselines("y"))).toEqual({ verdict: "admitted", approvalId: "a1" });
    expect(await askFor(baselines("z"))).toMatchObject({ verdict: "ask" });
    expect(await askFor(baselines("x", "z"))).toMatchObject({ verdict: "ask" });
    expect(await askFor({ name: "replay", members: ["x"] })).toMatchObject({ verdict: "ask" });
    await approve("a2", { trial: null, batch: "baselines", key: "later", members: ["z"], estimate: hours(9) });
    expect(await askFor(baselines("z"))).toEqual({ verdict: "admitted", approvalId: "a2" });
    expect(await askFor(baselines("x", "y"))).toEqual({ verdict: "admitted", approvalId: "a1" });
  });

  it("takes no approval of a batch from before lists were kept", async () => {
    await approve("a1", { trial: null, batch: "baselines", key: "batch", estimate: hours(9) });
    expect(await ask({ trial: null, batch: baselines("x"), key: "x", estimate: hours(2.5) })).toMatchObject({ verdict: "ask" });
  });

  it("honours a person's limit on single trials, by day or by night", async () => {
    await trial();
    const add = (body: { from?: string; to?: string }) =>
      state.store.directives.add("three-skills.1", {
        author: "ana",
        text: "cap",
        body: { kind: "cap", deviceHoursPerTrial: 0.5, ...body },
      });
    await add({ from: "22:00", to: "06:00" });
    expect(await ask()).toEqual({
      verdict: "refuse",
      why: "ana limits a trial to 30.0 device-minutes (directive 1); this needs up to 1.0 device-hours",
    });
    expect(await ask({ now: new Date("2026-01-02T12:00:00Z") })).toMatchObject({ verdict: "admitted" });
    await state.store.directives.revoke("three-skills.1", 1);
    expect(await ask()).toMatchObject({ verdict: "admitted" });
  });

  it("stops calls of language models, not jobs, when their cap is reached", async () => {
    await trial();
    expect(await llmAllowance(state.store, state.run)).toEqual({ allowed: true });
    const call = {
      runId: "three-skills.1",
      trial: null,
      role: "planner",
      model: "x",
      outcome: "ok",
      detail: null,
      latencyMs: 1,
      createdAt: "now",
    } as const;
    await state.store.llmCalls.add({ ...call, inputTokens: 900, outputTokens: 100, usd: 0.1 });
    expect(await llmAllowance(state.store, state.run)).toEqual({ allowed: false, why: "budget.llm_tokens of 1,000 is spent" });
    expect(await ask()).toMatchObject({ verdict: "admitted" });
  });
});
