import { describe, expect, it } from "vitest";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { remindApprovals } from "#src/approval/remind-approvals.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { approvalCard } from "#src/card/approval-card.ts";
import { sampleConfig, sampleEstimate } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const config = sampleConfig({
  approval: { over: { device_hours: 0.5 }, two_approvers_over: { device_hours: 2 }, requester_may_approve_alone: false, expires_hours: 12 },
});

describe("yeses of several people", () => {
  const state = useSqliteStore({ config });
  const ask = async (deviceHoursP90: number, key = "k1") => {
    const estimate = { ...sampleEstimate, deviceHoursP90 };
    const { id } = await requestApproval(
      state.store,
      { runId: state.run.id, trial: null, batch: "baselines", key, estimate, why: "dear" },
      state.clock.now,
    );
    return id;
  };
  const say = (id: string, by: string, to: "approved" | "rejected" = "approved") =>
    decideApproval(state.store, { id, to, by, person: `discord:${by}`, role: "approver", reason: null, now: state.clock.now });
  /** The run's first event says who asked for it. */
  const askedForBy = (requester: string) =>
    state.store.events.append({ runId: state.run.id, kind: "run-create", actor: "x", trial: null, text: "", fields: { requester } });

  const at = (time: string) => remindApprovals(state.store, state.run, new Date(time));
  const reminders = async () => (await state.store.events.list(state.run.id)).filter(({ kind }) => kind === "approval-remind").length;

  it("takes two different people above the second threshold", async () => {
    await askedForBy("discord:cy");
    const id = await ask(3);
    expect((await say(id, "ana")).state).toBe("pending");
    expect((await say(id, "ana")).state).toBe("pending");
    expect(
      (await approvalCard(state.store, state.run, (await state.store.approvals.find(id)) ?? (await say(id, "x")))).fields,
    ).toContainEqual({
      name: "Yes so far",
      value: "ana",
    });
    expect(await say(id, "ben")).toMatchObject({ state: "approved", decidedBy: "ben" });
    const votes = (await state.store.events.list(state.run.id)).filter(({ kind }) => kind === "approval-vote");
    expect(votes.map(({ text }) => text)).toEqual(["ana said yes to the baselines; it takes 2 people; ana said yes so far."]);
  });

  it("ends with one no", async () => {
    const id = await ask(3);
    await say(id, "ana");
    expect((await say(id, "ben", "rejected")).state).toBe("rejected");
  });

  it("does not let who asked for the run be the only one", async () => {
    await askedForBy("discord:ana");
    const id = await ask(1);
    expect((await say(id, "ana")).state).toBe("pending");
    expect((await say(id, "ben")).state).toBe("approved");
    expect((await say(await ask(1, "k2"), "ben")).state).toBe("approved");
  });

  it("notes no yes after the time is up", async () => {
    const id = await ask(3);
    state.clock.now = new Date("2026-01-02T15:04:05.000Z");
    await expect(say(id, "ana")).rejects.toThrow(`Approval ${id} expired at 2026-01-02T15:04:05.000Z`);
    expect(await state.store.approvalVotes.list(id)).toEqual([]);
  });

  it("reminds once, an hour before the end", async () => {
    await ask(1);
    await at("2026-01-02T14:04:04.000Z");
    expect(await reminders()).toBe(0);
    for (const time of ["2026-01-02T14:04:05.000Z", "2026-01-02T14:30:00.000Z"]) await at(time);
    expect(await reminders()).toBe(1);
  });
});
