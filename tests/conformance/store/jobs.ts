import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleApproval, sampleEstimate, sampleJob, sampleRun, sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";

export function describeJobs(backend: StoreBackend) {
  describe("jobs and approvals", () => {
    const opened = useStore(backend);

    it("allows one live job of a key over all runs, and a new attempt when it is over", async () => {
      const { jobs, runs } = opened.store;
      await runs.create(sampleRun({ id: "other.1", name: "other" }));
      const first = await jobs.create(sampleJob("k-1", "k"));
      expect(first).toEqual(sampleJob("k-1", "k"));
      expect(await jobs.create(sampleJob("k-2", "k", { runId: "other.1" }))).toBeNull();
      await jobs.update("k-1", { state: "submitted" });
      expect(await jobs.create(sampleJob("k-2", "k"))).toBeNull();
      await jobs.update("k-1", { state: "finished", outcome: "crashed", endedAt: sampleTime });
      expect(await jobs.create(sampleJob("k-2", "k"))).not.toBeNull();
      expect((await jobs.ofKey("k")).map((job) => job.attempt)).toEqual(["k-1", "k-2"]);
      expect(await jobs.find("k-1")).toMatchObject({ state: "finished", outcome: "crashed", endedAt: sampleTime });
      expect(await jobs.find("k-9")).toBeNull();
    });

    it("lists live jobs and those of a trial, oldest first", async () => {
      const { jobs } = opened.store;
      for (const number of [3, 1, 2]) await jobs.create(sampleJob(`j-${number}`, `key-${number}`, { trial: number === 2 ? null : 5 }));
      await jobs.update("j-1", { state: "cancelled" });
      expect((await jobs.live()).map((job) => job.attempt)).toEqual(["j-3", "j-2"]);
      expect((await jobs.ofTrial(run, 5)).map((job) => job.attempt)).toEqual(["j-3", "j-1"]);
      await expect(jobs.update("nobody-1", { state: "cancelled" })).rejects.toMatchObject({ code: "not_found" });
    });

    it("gives the cost model finished, successful jobs, latest first", async () => {
      const { jobs } = opened.store;
      const endings = [
        { outcome: "finished", failure: null },
        { outcome: "finished", failure: "diverged" },
        { outcome: "crashed", failure: null },
        { outcome: "finished", failure: null },
      ];
      for (const [index, ending] of endings.entries()) {
        await jobs.create(sampleJob(`j-${index}`, `key-${index}`));
        await jobs.update(`j-${index}`, { state: "finished", deviceSeconds: 2, ...ending });
      }
      await jobs.create(sampleJob("live-1", "live"));
      expect((await jobs.finished(10)).map((job) => job.attempt)).toEqual(["j-3", "j-0"]);
      expect((await jobs.finished(1)).map((job) => job.attempt)).toEqual(["j-3"]);
    });

    it("sums what jobs took and what live ones may still take", async () => {
      const { jobs } = opened.store;
      expect(await jobs.spent(run)).toEqual({ deviceSeconds: 0, reservedDeviceSeconds: 0 });
      await jobs.create(sampleJob("a-1", "a", { approvalId: "ask" }));
      await jobs.create(sampleJob("b-1", "b", { estimate: { ...sampleEstimate, deviceHoursP90: 0.5 } }));
      expect(await jobs.spent(run)).toEqual({ deviceSeconds: 0, reservedDeviceSeconds: 5400 });
      await jobs.update("a-1", { state: "finished", deviceSeconds: 100 });
      await jobs.update("a-1", { deviceSeconds: 120.5 });
      expect(await jobs.spent(run)).toEqual({ deviceSeconds: 120.5, reservedDeviceSeconds: 1800 });
      expect(await jobs.spentOnApproval("ask")).toEqual({ deviceSeconds: 120.5, reservedDeviceSeconds: 0 });
      expect(await jobs.spentOnApproval("nobody")).toEqual({ deviceSeconds: 0, reservedDeviceSeconds: 0 });
    });

    it("decides an approval once, and only with its key", async () => {
      const { approvals } = opened.store;
      await approvals.create(sampleApproval("a1", "k", { trial: 3 }));
      expect(await approvals.decide("a1", "other", "approved", "ana", null)).toBeNull();
      expect(await approvals.decide("a1", "k", "rejected", "ana", "too dear")).toEqual(
        sampleApproval("a1", "k", { trial: 3, state: "rejected", decidedBy: "ana", decidedAt: sampleTime, reason: "too dear" }),
      );
      expect(await approvals.decide("a1", "k", "approved", "bo", null)).toBeNull();
      expect(await approvals.find("a1")).toMatchObject({ state: "rejected", decidedBy: "ana" });
    });

    it("has one open question about a key, and finds approvals by trial, batch and state", async () => {
      const { approvals } = opened.store;
      await approvals.create(sampleApproval("a1", "k", { trial: 3 }));
      await expect(approvals.create(sampleApproval("a2", "k", { trial: 3 }))).rejects.toThrow();
      expect((await approvals.pendingOfKey(run, "k"))?.id).toBe("a1");
      await approvals.decide("a1", "k", "expired", "conductor", null);
      expect(await approvals.pendingOfKey(run, "k")).toBeNull();
      await approvals.create(sampleApproval("a2", "k", { trial: 3 }));
      await approvals.create(sampleApproval("a3", "batch-1", { batch: "baselines", members: ["k1", "k2"] }));
      await approvals.create(sampleApproval("a4", "batch-2", { batch: "baselines", members: ["k2", "k3"] }));
      expect((await approvals.ofTrial(run, 3))?.id).toBe("a2");
      expect(await approvals.listing(run, "baselines", ["k1", "k2"])).toMatchObject({ id: "a3", members: ["k1", "k2"] });
      expect((await approvals.listing(run, "baselines", ["k2"]))?.id).toBe("a4");
      expect(await approvals.listing(run, "baselines", ["k1", "k3"])).toBeNull();
      expect((await approvals.latestOfBatch(run, "baselines"))?.id).toBe("a4");
      expect(await approvals.listing(run, "replay", ["k1"])).toBeNull();
      expect((await approvals.latestOfBatches(run, ["replay", "baselines"])).map(({ id }) => id)).toEqual(["a4"]);
      expect(await approvals.latestOfBatches(run, [])).toEqual([]);
      expect((await approvals.list(run)).map((approval) => approval.id)).toEqual(["a1", "a2", "a3", "a4"]);
      expect((await approvals.list(run, "pending")).map((approval) => approval.id)).toEqual(["a2", "a3", "a4"]);
      expect(await approvals.count(run)).toBe(4);
    });
  });
}
