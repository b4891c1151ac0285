import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";
const pin = { runId: run, model: "m1", author: "ana", reason: "for the demo" };

export function describePins(backend: StoreBackend) {
  describe("pins", () => {
    const opened = useStore(backend);

    it("pins a model once, also when two people do, and lets it go again", async () => {
      const { pins } = opened.store;
      const other = (await opened.another()).pins;
      const both = await Promise.all([pins.add(pin), other.add({ ...pin, author: "ben" })]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await pins.list(run)).toMatchObject([{ model: "m1", createdAt: sampleTime }]);
      expect(await pins.remove(run, "m1")).toBe(true);
      expect(await pins.remove(run, "m1")).toBe(false);
      expect(await pins.list()).toEqual([]);
    });

    it("lists the pins of one run, or of all", async () => {
      const { pins } = opened.store;
      await pins.add(pin);
      await pins.add({ ...pin, model: "m0", reason: null });
      expect((await pins.list()).map(({ model, reason }) => [model, reason])).toEqual([
        ["m0", null],
        ["m1", "for the demo"],
      ]);
      expect(await pins.list("another")).toEqual([]);
    });
  });
}
