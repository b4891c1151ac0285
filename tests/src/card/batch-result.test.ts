import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { approvalCard } from "#src/card/approval-card.ts";
import { isBatchOver } from "#src/card/batch-result.ts";
import type { Approval, Run } from "#src/store/store.ts";
import { sampleJob } from "#tests/conformance/store/samples.ts";
import { aProposal, RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { actions } from "#tests/graphs/chat/told-run.ts";

const estimate = { deviceHoursP50: 2.6, deviceHoursP90: 3.4, usdP50: 9, usdP90: 12, wallSecondsP90: 9000, basis: "a prior" };
const now = new Date("2026-01-01T12:00:00.000Z");
const cost = "It took 2.9 device-hours; the estimate was 2.6 device-hours to 3.4 device-hours (p50 to p90).";

describe("the card of an approved batch", () => {
  let recorded: RecordedRun;
  beforeEach(async () => {
    recorded = await RecordedRun.open();
    await recorded.evaluate("m0", { math: 40, common: 40 });
  });
  afterEach(() => recorded.close());

  const runNow = async (): Promise<Run> => (await recorded.store.runs.find(recorded.run.id)) ?? recorded.run;
  const keyOf = async (trial: number) => (await recorded.store.trials.find(recorded.run.id, trial))?.key ?? "";

  async function approved(batch: string, members: readonly string[]): Promise<Approval> {
    const request = { runId: recorded.run.id, trial: null, batch, key: `key-of-${batch}`, members, estimate, why: "dear" };
    const { id } = await requestApproval(recorded.store, request, now);
    return decideApproval(recorded.store, { id, to: "approved", by: "ana", role: "approver", reason: null });
  }

  /** What came of it, and whether more can come. */
  async function outcomeOf(approval: Approval) {
    const run = await runNow();
    const { fields } = await approvalCard(recorded.store, run, approval);
    const line = fields.find(({ name }) => name === "What came of it")?.value ?? null;
    return { line, isOver: await isBatchOver(recorded.store, run, approval, now) };
  }

  async function work({ id, runId }: Approval): Promise<() => Promise<void>> {
    await recorded.store.jobs.create(sampleJob("k1-1", "k1", { runId, trial: null, approvalId: id, state: "submitted" }));
    const end = { state: "finished", outcome: "finished", deviceSeconds: 10_440, endedAt: now.toISOString() } as const;
    return () => recorded.store.jobs.update("k1-1", end);
  }

  it("tells of baselines how many were made, the best of them and the cost, once something else was chosen", async () => {
    const { store, run } = recorded;
    const [math, common] = [
      await recorded.select(actions.sftMath, "baseline", "single"),
      await recorded.select(actions.sftCommon, "baseline", "single"),
    ];
    const approval = await approved("baselines", [await keyOf(math), await keyOf(common)]);
    const finishWork = await work(approval);
    expect(await outcomeOf(approval)).toEqual({ line: null, isOver: false });
    await recorded.finish(math, { math: 80, common: 30 });
    await store.trials.update(run.id, common, { state: "failed", failure: "out_of_memory" });
    await finishWork();
    // A grid of them may still follow.
    expect(await outcomeOf(approval)).toEqual({ line: null, isOver: false });
    await recorded.select(actions.mathThenCommon, "chosen", null, aProposal(actions.mathThenCommon));
    expect(await outcomeOf(approval)).toEqual({
      line: `1 done, 1 failed (out of memory). Best: m1 (single) .550 [.490, .608] on 200 search items (95 % interval). ${cost}`,
      isOver: true,
    });
  });

  it("tells of a replay when its run is over", async () => {
    const { store, run } = recorded;
    const step = await recorded.select(actions.sftMath, "replay", "step_1");
    const approval = await approved("replay", [await keyOf(step)]);
    await recorded.finish(step, { math: 80, common: 30 });
    expect(await outcomeOf(approval)).toEqual({ line: null, isOver: false });
    await store.runs.setState(run.id, ["running"], "finished", "the replay is done");
    expect(await outcomeOf(approval)).toEqual({
      line: "1 done. Best: m1 (step 1) .550 [.490, .608] on 200 search items (95 % interval). No device time was used under this yes.",
      isOver: true,
    });
  });

  it("tells of what joined how many models were measured", async () => {
    const made = await recorded.finish(await recorded.select(actions.sftMath), { math: 80 });
    const model = await recorded.store.objects.find(recorded.run.id, made);
    const base = await recorded.store.objects.find(recorded.run.id, "m0");
    const approval = await approved(
      "additions",
      [base, model].flatMap((each) => (each?.kind === "model" ? [each.key] : [])),
    );
    expect(await outcomeOf(approval)).toEqual({ line: null, isOver: false });
    await recorded.evaluate(made, { common: 30 });
    await (
      await work(approval)
    )();
    expect(await outcomeOf(approval)).toEqual({ line: `2 of 2 models measured on every task. ${cost}`, isOver: true });
  });

  it("tells what was read of the final split, and waits no longer than the yes holds", async () => {
    const { store, run } = recorded;
    await store.runs.setState(run.id, ["running"], "finished", "the budget is used");
    const approval = await approved("finalize", ["m0"]);
    expect(await outcomeOf(approval)).toEqual({ line: null, isOver: false });
    expect(await isBatchOver(store, await runNow(), approval, new Date("2026-01-09T12:00:00.000Z"))).toBe(true);
    await store.runs.openFinal(run.id);
    const text = "`final` was read: winner m1 0.540. It is better than SFT on all.";
    await store.events.append({ runId: run.id, kind: "final-read", actor: "ana", trial: null, text, fields: {} });
    await (
      await work(approval)
    )();
    expect(await outcomeOf(approval)).toEqual({
      line: `final was read: winner m1 0.540. It is better than SFT on all. ${cost}`,
      isOver: true,
    });
  });

  it("has no line for a type of action that goes on, nor for a batch that was refused", async () => {
    expect(await outcomeOf(await approved("sft", []))).toEqual({ line: null, isOver: true });
    const request = { runId: recorded.run.id, trial: null, batch: "baselines", key: "k2", members: [], estimate, why: "dear" };
    const { id } = await requestApproval(recorded.store, request, now);
    const rejected = await decideApproval(recorded.store, { id, to: "rejected", by: "ana", role: "approver", reason: null });
    await recorded.store.runs.setState(recorded.run.id, ["running"], "finished", "done");
    expect((await outcomeOf(rejected)).line).toBeNull();
  });
});
