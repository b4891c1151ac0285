import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterExpiry } from "#src/approval/after-expiry.ts";
import { cancelApprovals } from "#src/approval/cancel-approvals.ts";
import { decideApproval } from "#src/approval/decide-approval.ts";
import { expireApprovals } from "#src/approval/expire-approvals.ts";
import { requestApproval } from "#src/approval/request-approval.ts";
import { UserInputError } from "#src/errors.ts";
import type { Approval, Store } from "#src/store/store.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const runId = "three-skills.1";
const hour = 3_600_000;

describe("approvals", () => {
  const state = useSqliteStore();
  const request = (key = "k1", trial = 1) =>
    requestApproval(state.store, { runId, trial, batch: null, key, estimate: sampleEstimate, why: "over 1 device-hour" }, state.clock.now);
  const kinds = async () => (await state.store.events.list(runId)).map((event) => event.kind);

  it("asks once, however often a node runs again", async () => {
    const first = await request();
    expect(first).toMatchObject({ id: "three-skills.1-a1", state: "pending", expiresAt: "2026-01-02T15:04:05.000Z" });
    expect(await request()).toEqual(first);
    expect(await kinds()).toEqual(["approval-request"]);
    expect((await request("k2", 2)).id).toBe("three-skills.1-a2");
  });

  it("asks anew after an answer, under a new id", async () => {
    const { id } = await request();
    await decideApproval(state.store, { id, to: "approved", by: "ana", role: "owner", reason: null });
    expect((await request()).id).toBe("three-skills.1-a2");
  });

  it("writes down who decided, in the same transaction", async () => {
    const { id, key } = await request();
    const decided = await decideApproval(state.store, { id, key, to: "rejected", by: "ana", role: "approver", reason: "too dear" });
    expect(decided).toMatchObject({ state: "rejected", decidedBy: "ana", reason: "too dear" });
    const [, event] = await state.store.events.list(runId);
    expect(event).toMatchObject({ kind: "approval-decide", actor: "ana", trial: 1, text: "ana rejected trial 1: too dear." });
  });

  it.each([
    ["viewer", "ana is viewer and may not decide"],
    ["operator", "ana is operator and may not decide"],
  ] as const)("does not let a %s decide", async (role, message) => {
    const { id } = await request();
    await expect(decideApproval(state.store, { id, to: "approved", by: "ana", role, reason: null })).rejects.toThrow(message);
    expect((await state.store.approvals.find(id))?.state).toBe("pending");
  });

  it("tells the second who decided first", async () => {
    const { id } = await request();
    await decideApproval(state.store, { id, to: "approved", by: "ana", role: "owner", reason: null });
    const second = decideApproval(state.store, { id, to: "rejected", by: "bo", role: "owner", reason: null });
    await expect(second).rejects.toThrow("Approval three-skills.1-a1 was approved by ana at 2026-01-02T03:04:05.000Z.");
    await expect(second).rejects.toBeInstanceOf(UserInputError);
  });

  it("refuses an unknown id and the key of an old card", async () => {
    const { id } = await request();
    const decide = (which: string, key: string) =>
      decideApproval(state.store, { id: which, key, to: "approved", by: "ana", role: "owner", reason: null });
    await expect(decide("nope", "k1")).rejects.toMatchObject({ code: "not_found" });
    await expect(decide(id, "old")).rejects.toMatchObject({ code: "conflict" });
    expect((await state.store.approvals.find(id))?.state).toBe("pending");
  });

  it("expires what nobody answered, once, and says so to whoever comes late", async () => {
    const { id } = await request();
    await state.store.approvals.find(id);
    expect(await expireApprovals(state.store, runId, new Date(state.clock.now.getTime() + 12 * hour - 1))).toEqual([]);
    const after = new Date(state.clock.now.getTime() + 12 * hour);
    expect((await expireApprovals(state.store, runId, after)).map((approval) => approval.state)).toEqual(["expired"]);
    expect(await expireApprovals(state.store, runId, after)).toEqual([]);
    expect(await kinds()).toEqual(["approval-request", "approval-expire"]);
    await expect(decideApproval(state.store, { id, to: "approved", by: "ana", role: "owner", reason: null })).rejects.toThrow(/expired/);
  });

  it("takes open questions back, of one trial or of all", async () => {
    await request("k1", 1);
    await request("k2", 2);
    await request("k3", 3);
    expect(await cancelApprovals(state.store, { runId, trial: 2, by: "ana", reason: "cancelled" })).toHaveLength(1);
    expect(await cancelApprovals(state.store, { runId, by: "ana", reason: "stopped" })).toHaveLength(2);
    expect((await state.store.approvals.list(runId, "cancelled")).map((approval) => approval.trial)).toEqual([1, 2, 3]);
  });

  it("knows what follows an expiry for each setting", () => {
    expect(afterExpiry.skip).toMatchObject({ trial: "skip", askAgain: false, stopRun: false });
    expect(afterExpiry.ask_again).toMatchObject({ trial: "wait", askAgain: true, stopRun: false });
    expect(afterExpiry.stop).toMatchObject({ trial: "skip", askAgain: false, stopRun: true });
  });

  it("is decided exactly once, in whatever order people and the clock come", { timeout: 120_000 }, async () => {
    let round = 0;
    const moves = fc.array(fc.constantFrom<Move>("approve", "reject", "expire", "cancel", "request", "wrong-key"), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(moves, async (order) => {
        const key = `law-${++round}`;
        const { id } = await request(key, round);
        const results = await Promise.all(
          order.map((move, index) => play(state.store, { id, key, trial: round, move, by: `person-${index}`, now: state.clock.now })),
        );
        const winners = results.filter((result) => result !== null);
        const canDecide = order.filter((move) => move !== "request" && move !== "wrong-key").length;
        expect(winners).toHaveLength(Math.min(1, canDecide));
        const approval = await state.store.approvals.find(id);
        expect(approval?.state).toBe(winners[0]?.state ?? "pending");
        expect(approval?.decidedBy).toBe(winners[0]?.decidedBy ?? null);
        // Leaves nothing open for the next round's expiry.
        await cancelApprovals(state.store, { runId, by: "test", reason: "" });
      }),
      { numRuns: 60 },
    );
  });
});

type Move = "approve" | "reject" | "expire" | "cancel" | "request" | "wrong-key";

interface Play {
  id: string;
  key: string;
  trial: number;
  move: Move;
  by: string;
  now: Date;
}

/** The approval as this move decided it; null when it lost or decides nothing. */
async function play(store: Store, { id, key, trial, move, by, now }: Play): Promise<Approval | null> {
  const decide = async (to: "approved" | "rejected", shown: string) => {
    try {
      return await decideApproval(store, { id, key: shown, to, by, role: "owner", reason: null });
    } catch (error) {
      if (error instanceof UserInputError) return null;
      throw error;
    }
  };
  switch (move) {
    case "approve":
      return decide("approved", key);
    case "reject":
      return decide("rejected", key);
    case "wrong-key":
      return decide("approved", "another");
    case "expire":
      return (await expireApprovals(store, runId, new Date(now.getTime() + 13 * hour))).find((approval) => approval.id === id) ?? null;
    case "cancel":
      return (await cancelApprovals(store, { runId, trial, by, reason: "" })).find((approval) => approval.id === id) ?? null;
    case "request":
      await requestApproval(
        store,
        { runId, trial, batch: null, key: `${key}-more-${by}`, estimate: sampleEstimate, why: "" },
        new Date(now.getTime() + 24 * hour),
      );
      return null;
  }
}
