import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleApproval, sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";
const expiresAt = "2026-01-03T03:04:05.000Z";
const asked = { runId: run, body: { kind: "budget", change: { trials: 60 } }, author: "discord:7", authorName: "ana", expiresAt } as const;

/** What people ask for, their yeses, and yeses that they gave beforehand. */
export function describePeople(backend: StoreBackend) {
  describe("proposals", () => {
    const opened = useStore(backend);

    it("numbers proposals over all runs, and keeps what they ask for", async () => {
      const { proposals } = opened.store;
      const first = await proposals.create(asked);
      expect(first).toMatchObject({ ...asked, id: "p1", state: "pending", createdAt: sampleTime, outcome: null });
      expect((await proposals.create({ ...asked, runId: null })).id).toBe("p2");
      expect(await proposals.find("p1")).toEqual(first);
      expect(await proposals.find("p9")).toBeNull();
      expect((await proposals.list({ runId: run })).map(({ id }) => id)).toEqual(["p1"]);
      expect((await proposals.list()).map(({ id }) => id)).toEqual(["p1", "p2"]);
    });

    it("lets the first of two people decide", async () => {
      const { proposals } = opened.store;
      const other = (await opened.another()).proposals;
      await proposals.create(asked);
      const both = await Promise.all([proposals.decide("p1", "confirmed", "ana"), other.decide("p1", "cancelled", "ben")]);
      const won = both.filter((decided) => decided !== null);
      expect(won).toHaveLength(1);
      expect(await proposals.find("p1")).toEqual(won[0]);
      await proposals.setOutcome("p1", run, "trials 40 → 60");
      expect(await proposals.list({ state: "pending" })).toEqual([]);
      expect(await proposals.find("p1")).toMatchObject({ outcome: "trials 40 → 60" });
    });
  });

  describe("yeses", () => {
    const opened = useStore(backend);

    it("counts each person once, and reminds of a question once", async () => {
      const { approvals, approvalVotes } = opened.store;
      await approvals.create(sampleApproval("a1", "k1"));
      const yes = { approval: "a1", key: "k1", person: "discord:7", name: "ana" };
      expect(await approvalVotes.add(yes)).toBe(true);
      expect(await approvalVotes.add({ ...yes, name: "ana again" })).toBe(false);
      expect(await approvalVotes.list("a1")).toEqual([{ ...yes, createdAt: sampleTime }]);
      expect([await approvalVotes.remind("a1"), await approvalVotes.remind("a1")]).toEqual([true, false]);
    });

    it("takes no answer after the time is up, and lets the question end then", async () => {
      const { approvals } = opened.store;
      await approvals.create(sampleApproval("a1", "k1", { expiresAt: sampleTime }));
      expect(await approvals.decide("a1", "k1", "approved", "ana", null)).toBeNull();
      expect(await approvals.decide("a1", "k1", "rejected", "ana", null)).toBeNull();
      expect(await approvals.decide("a1", "k1", "expired", "conductor", null)).toMatchObject({ state: "expired" });
    });

    it("numbers yeses given beforehand in each run, and takes them back once", async () => {
      const { standingApprovals } = opened.store;
      const given = { runId: run, actionType: "sft", deviceHours: 5, until: expiresAt, author: "ana" };
      const first = await standingApprovals.add(given);
      expect(first).toEqual({ ...given, id: `${run}-s1`, createdAt: sampleTime, revokedAt: null });
      expect((await standingApprovals.add({ ...given, actionType: null })).id).toBe(`${run}-s2`);
      expect(await standingApprovals.revoke(run, first.id)).toBe(true);
      expect(await standingApprovals.revoke(run, first.id)).toBe(false);
      expect((await standingApprovals.list(run)).map(({ revokedAt }) => revokedAt)).toEqual([sampleTime, null]);
    });
  });
}
