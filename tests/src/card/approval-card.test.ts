import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { approvalCard } from "#src/card/approval-card.ts";
import type { Prediction } from "#src/policy/policy.ts";
import { editApproval } from "#src/service/edit-approval.ts";
import type { Approval, TrialPatch } from "#src/store/store.ts";
import { sampleJob } from "#tests/conformance/store/samples.ts";
import { aProposal, predicted, RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { actions } from "#tests/graphs/chat/told-run.ts";

const estimate = { deviceHoursP50: 2.6, deviceHoursP90: 3.4, usdP50: 9, usdP90: 12, wallSecondsP90: 9000, basis: "a prior" };
const now = new Date("2026-01-01T12:00:00.000Z");

describe("the card of an approved trial", () => {
  let recorded: RecordedRun;
  beforeEach(async () => {
    recorded = await RecordedRun.open();
    await recorded.evaluate("m0", { math: 40, common: 40 });
  });
  afterEach(() => recorded.close());

  /** A trial that was asked about, with what was predicted of it. */
  async function ask(prediction: Prediction | null = predicted(0.7)): Promise<Approval> {
    const action = actions.sftMath;
    const proposal = aProposal(action, { candidates: [{ action, value: 1, prediction }] });
    const trial = await recorded.select(action, "chosen", null, proposal);
    const key = (await recorded.store.trials.find(recorded.run.id, trial))?.key ?? "";
    return requestApproval(recorded.store, { runId: recorded.run.id, trial, batch: null, key, estimate, why: "dear" }, now);
  }

  async function approve({ id }: Approval): Promise<Approval> {
    return decideApproval(recorded.store, { id, to: "approved", by: "ana", role: "approver", reason: null });
  }

  async function fieldsOf(approval: Approval): Promise<Record<string, string>> {
    const { fields } = await approvalCard(recorded.store, recorded.run, approval);
    return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  }

  /** A job that ran under the approval. */
  async function work({ id, runId, trial }: Approval, deviceSeconds: number): Promise<void> {
    await recorded.store.jobs.create(sampleJob("k1-1", "k1", { runId, trial, approvalId: id, state: "submitted" }));
    await recorded.store.jobs.update("k1-1", { state: "finished", outcome: "finished", deviceSeconds, endedAt: now.toISOString() });
  }

  it("says nothing of an outcome before there is one", async () => {
    const open = await ask();
    expect(Object.keys(await fieldsOf(open))).toEqual(["Cost", "Predicted score"]);
    expect(Object.keys(await fieldsOf(await approve(open)))).toEqual(["Cost", "Predicted score"]);
  });

  it.each([
    [predicted(0.55), "; predicted .550 [.520, .580], which held."],
    [predicted(0.7), "; predicted .700 [.670, .730], which did not hold."],
    [null, " over m0."],
  ])("adds one line on the model, its score and its cost to a prediction of %j", async (prediction, words) => {
    const approved = await approve(await ask(prediction));
    await work(approved, 10_440);
    await recorded.finish(approved.trial ?? 0, { math: 80, common: 30 });
    const { "What came of it": line } = await fieldsOf(approved);
    expect(line).toBe(
      `Done: m1 .550 [.490, .608] on 200 search items (95 % interval), +.150 [+.088, +.206] over m0${words.replace(" over m0", "")} It took 2.9 device-hours; the estimate was 2.6 device-hours to 3.4 device-hours (p50 to p90).`,
    );
  });

  it.each([
    [
      { state: "failed", failure: "out_of_memory", detail: "peak 79.1 of 79.6 GiB" },
      "Failed: out of memory (peak 79.1 of 79.6 GiB). It took 30.0 device-minutes",
    ],
    [{ state: "failed", failure: "cancelled", detail: "ana cancelled it." }, "Cancelled (ana cancelled it). It took 30.0 device-minutes"],
    [{ state: "skipped", failure: "refused", detail: "budget.trials is 40" }, "Not started: budget.trials is 40."],
  ] satisfies [TrialPatch, string][])("says what else came of it: %j", async (patch, words) => {
    const approved = await approve(await ask());
    if (patch.state === "failed") await work(approved, 1800);
    await recorded.store.trials.update(recorded.run.id, approved.trial ?? 0, patch);
    expect((await fieldsOf(approved))["What came of it"]).toContain(words);
  });

  it("says of an answer from the cache that it took nothing, and of a model without all scores that it has none", async () => {
    const approved = await approve(await ask());
    const trial = approved.trial ?? 0;
    await recorded.finish(trial, { math: 80 });
    await recorded.store.trials.update(recorded.run.id, trial, { fromCache: true });
    expect((await fieldsOf(approved))["What came of it"]).toBe(
      "Done: m1, which was not evaluated on every task that counts. Answered from what was known: no device time.",
    );
  });

  it("shows no prediction of an action that a person has changed since", async () => {
    const asked = await ask();
    await editApproval(recorded.store, recorded.run, {
      id: asked.id,
      key: asked.key,
      changes: { max_steps: "20" },
      by: "ana",
      role: "approver",
    });
    const key = (await recorded.store.trials.find(recorded.run.id, asked.trial ?? 0))?.key ?? "";
    const again = await requestApproval(recorded.store, { ...asked, key }, now);
    expect(Object.keys(await fieldsOf(again))).toEqual(["Cost"]);
  });

  it("keeps to the question of a trial that was rejected", async () => {
    const { id } = await ask();
    const rejected = await decideApproval(recorded.store, { id, to: "rejected", by: "ana", role: "approver", reason: "too dear" });
    await recorded.store.trials.update(recorded.run.id, rejected.trial ?? 0, { state: "skipped", failure: "rejected", detail: "too dear" });
    expect(Object.keys(await fieldsOf(rejected))).not.toContain("What came of it");
  });
});
