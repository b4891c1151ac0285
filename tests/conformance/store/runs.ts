import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleConfig, sampleModel, sampleRun, sampleTask, sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

export function describeRuns(backend: StoreBackend) {
  describe("runs and objects", () => {
    const opened = useStore(backend);

    it("gives a run back as it was stored, by id and by name", async () => {
      const { runs } = opened.store;
      expect(await runs.find("three-skills.1")).toEqual(sampleRun());
      expect(await runs.find("three-skills")).toEqual(sampleRun());
      expect(await runs.find("nobody")).toBeNull();
    });

    it("finds the latest of several runs with one name, and lists all of them oldest first", async () => {
      const { runs } = opened.store;
      const later = sampleRun({ id: "three-skills.2", createdAt: "2026-02-02T00:00:00.000Z" });
      await runs.create(later);
      expect((await runs.find("three-skills"))?.id).toBe(later.id);
      expect((await runs.list()).map((run) => run.id)).toEqual(["three-skills.1", "three-skills.2"]);
    });

    it("refuses a second run with one id", async () => {
      await expect(opened.store.runs.create(sampleRun())).rejects.toThrow();
    });

    it("moves a run between states only from where the caller expects it", async () => {
      const { runs } = opened.store;
      expect(await runs.setState("three-skills.1", ["paused"], "running", "resumed")).toBe(false);
      expect(await runs.setState("three-skills.1", ["running", "paused"], "stopped", "by ana")).toBe(true);
      expect(await runs.find("three-skills.1")).toMatchObject({ state: "stopped", stateReason: "by ana", endedAt: sampleTime });
      expect(await runs.setState("three-skills.1", ["stopped"], "running", "resumed")).toBe(true);
      expect(await runs.find("three-skills.1")).toMatchObject({ state: "running", endedAt: null });
    });

    it("replaces the config", async () => {
      const config = sampleConfig({ budget: { trials: 3, device_hours: 2 } });
      await opened.store.runs.setConfig("three-skills.1", config);
      expect((await opened.store.runs.find("three-skills.1"))?.config).toEqual(config);
    });

    it("takes in tasks that join, with the config that names them", async () => {
      const tasks = [sampleTask, { ...sampleTask, id: "safety", key: "k2", joined: { leftOut: ["m3"], trials: [7] } }];
      await opened.store.runs.setConfig("three-skills.1", sampleConfig(), tasks);
      expect((await opened.store.runs.find("three-skills.1"))?.tasks).toEqual(tasks);
      await opened.store.runs.setConfig("three-skills.1", sampleConfig({ budget: { trials: 3 } }));
      expect((await opened.store.runs.find("three-skills.1"))?.tasks).toEqual(tasks);
    });

    it("opens the final split once", async () => {
      const { runs } = opened.store;
      const openings = await Promise.all([1, 2, 3].map(() => runs.openFinal("three-skills.1")));
      expect(openings.filter(Boolean)).toHaveLength(1);
      expect((await runs.find("three-skills.1"))?.finalOpenedAt).toBe(sampleTime);
    });

    it("keeps objects in the order in which they joined", async () => {
      const { objects } = opened.store;
      for (const id of ["m10", "m2", "m1"]) await objects.add("three-skills.1", sampleModel(id));
      expect((await objects.models("three-skills.1")).map((model) => model.id)).toEqual(["m0", "m10", "m2", "m1"]);
      expect((await objects.datasets("three-skills.1")).map((dataset) => dataset.id)).toEqual(["gsm8k", "prefs"]);
      expect(await objects.find("three-skills.1", "m2")).toEqual(sampleModel("m2"));
      expect(await objects.find("three-skills.1", "m99")).toBeNull();
    });

    it("takes an object twice when it is the same, and refuses another one under its id", async () => {
      const { objects } = opened.store;
      await objects.add("three-skills.1", sampleModel("m1"));
      await objects.add("three-skills.1", sampleModel("m1"));
      expect(await objects.models("three-skills.1")).toHaveLength(2);
      await expect(objects.add("three-skills.1", sampleModel("m1", { key: "other" }))).rejects.toMatchObject({ code: "conflict" });
    });
  });
}
