import { describe, expect, it } from "vitest";
import type { TrialPatch } from "#src/store/store.ts";
import type { StoreBackend } from "./backend.ts";
import { sampleDecision, sampleJob, sampleRun, sampleTime, sampleTrial } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";

export function describeTrials(backend: StoreBackend) {
  describe("trials and decisions", () => {
    const opened = useStore(backend);

    it("numbers trials from 1 and gives them back as they were", async () => {
      const { trials } = opened.store;
      const first = await trials.create(sampleTrial("k1"));
      const second = await trials.create(sampleTrial("k2", { kind: "baseline", label: "sft_all", lane: null }));
      expect([first?.number, second?.number]).toEqual([1, 2]);
      expect(await trials.find(run, 1)).toEqual(first);
      expect(await trials.findKey(run, "k2")).toEqual(second);
      expect(await trials.find(run, 3)).toBeNull();
      expect(first).toEqual({
        ...sampleTrial("k1"),
        number: 1,
        state: "selected",
        model: null,
        failure: null,
        detail: null,
        fromCache: false,
        learnt: null,
        steps: 0,
        deviceSeconds: 0,
        createdAt: sampleTime,
        startedAt: null,
        endedAt: null,
      });
    });

    it("gives one key to one trial of a run, and wastes no number on the refusal", async () => {
      const { store } = opened;
      await store.runs.create(sampleRun({ id: "other.1", name: "other" }));
      expect(await store.trials.create(sampleTrial("k1"))).not.toBeNull();
      expect(await store.trials.create(sampleTrial("k1"))).toBeNull();
      expect((await store.trials.create(sampleTrial("k2")))?.number).toBe(2);
      expect((await store.trials.create(sampleTrial("k1", { runId: "other.1" })))?.number).toBe(1);
    });

    it("changes what a patch names and nothing else", async () => {
      const { trials } = opened.store;
      await trials.create(sampleTrial("k1"));
      const patch: TrialPatch = { state: "done", model: "m1", learnt: true, steps: 80, deviceSeconds: 1.5, endedAt: sampleTime };
      await trials.update(run, 1, patch);
      expect(await trials.find(run, 1)).toMatchObject({ ...patch, fromCache: false, key: "k1", lane: 0 });
      await trials.update(run, 1, { learnt: null, fromCache: true });
      expect(await trials.find(run, 1)).toMatchObject({ ...patch, learnt: null, fromCache: true });
      await trials.update(run, 1, {});
      expect(await trials.find(run, 1)).toMatchObject({ ...patch, learnt: null, fromCache: true });
      await expect(trials.update(run, 9, { state: "done" })).rejects.toMatchObject({ code: "not_found" });
    });

    it("lists trials from a number on, those of a kind, and those that live", async () => {
      const { trials } = opened.store;
      for (const key of ["a", "b", "c", "d"]) await trials.create(sampleTrial(key, key === "b" ? { kind: "baseline" } : {}));
      await trials.update(run, 1, { state: "done" });
      await trials.update(run, 3, { state: "waiting" });
      await trials.update(run, 4, { state: "skipped" });
      expect((await trials.list(run)).map((trial) => trial.key)).toEqual(["a", "b", "c", "d"]);
      expect((await trials.list(run, 3)).map((trial) => trial.key)).toEqual(["c", "d"]);
      expect((await trials.ofKind(run, "baseline")).map((trial) => trial.key)).toEqual(["b"]);
      expect((await trials.live(run)).map((trial) => trial.key)).toEqual(["b", "c"]);
    });

    it("counts a chosen trial when a job was created for it, once, and cache answers and others apart", async () => {
      const { trials, jobs } = opened.store;
      for (const key of ["a", "b", "c"]) await trials.create(sampleTrial(key));
      await trials.create(sampleTrial("d", { kind: "baseline" }));
      expect(await trials.counts(run)).toEqual({ chosen: 0, chosenFromCache: 0, other: 1, failed: 0, live: 4 });
      await jobs.create(sampleJob("a-1", "a", { trial: 1 }));
      await jobs.update("a-1", { state: "finished", outcome: "crashed" });
      await jobs.create(sampleJob("a-2", "a", { trial: 1 }));
      await jobs.create(sampleJob("d-1", "d", { trial: 4 }));
      await trials.update(run, 1, { state: "failed", failure: "diverged" });
      await trials.update(run, 2, { state: "done", fromCache: true });
      await trials.update(run, 3, { state: "skipped" });
      await trials.update(run, 4, { state: "skipped" });
      expect(await trials.counts(run)).toEqual({ chosen: 1, chosenFromCache: 1, other: 0, failed: 1, live: 0 });
      expect(await trials.counts("nobody")).toEqual({ chosen: 0, chosenFromCache: 0, other: 0, failed: 0, live: 0 });
    });

    it("adds up the steps of chosen trials that had a job of their own", async () => {
      const { trials, jobs } = opened.store;
      expect(await trials.chosenSteps(run)).toBe(0);
      for (const key of ["a", "b", "c"]) await trials.create(sampleTrial(key));
      await trials.create(sampleTrial("d", { kind: "baseline" }));
      for (const [number, key] of [
        [1, "a"],
        [2, "b"],
        [4, "d"],
      ] as const)
        await jobs.create(sampleJob(`${key}-1`, key, { trial: number }));
      await trials.update(run, 1, { state: "done", steps: 80 });
      await trials.update(run, 2, { state: "failed", failure: "diverged", steps: 20 });
      await trials.update(run, 3, { state: "done", fromCache: true, steps: 40 });
      await trials.update(run, 4, { state: "done", steps: 160 });
      expect(await trials.chosenSteps(run)).toBe(100);
    });

    it("keeps decisions whole and in order, and refuses a number twice", async () => {
      const { decisions } = opened.store;
      for (const number of [1, 2, 3]) await decisions.add(sampleDecision(number, number + 10));
      expect(await decisions.ofTrial(run, 12)).toEqual(sampleDecision(2, 12));
      expect(await decisions.ofTrial(run, 99)).toBeNull();
      expect(await decisions.list(run)).toEqual([1, 2, 3].map((number) => sampleDecision(number, number + 10)));
      await expect(decisions.add(sampleDecision(3, 20))).rejects.toThrow();
      expect(await decisions.count(run)).toBe(3);
    });

    it("count live chosen trials that have neither job nor result", async () => {
      const { trials, jobs } = opened.store;
      await trials.create(sampleTrial("k1"));
      await trials.create(sampleTrial("k2"));
      await trials.create(sampleTrial("k3", { kind: "baseline" }));
      await trials.create(sampleTrial("k4"));
      expect(await trials.countWithoutJob(run)).toBe(3);
      await jobs.create(sampleJob("k1-1", "k1", { trial: 1 }));
      await trials.update(run, 2, { failure: "refused" });
      expect(await trials.countWithoutJob(run)).toBe(1);
      await trials.update(run, 4, { state: "skipped" });
      expect(await trials.countWithoutJob(run)).toBe(0);
    });
  });
}
