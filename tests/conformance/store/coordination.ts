import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";

export function describeCoordination(backend: StoreBackend) {
  describe("devices, leases, commands, events and calls", () => {
    const opened = useStore(backend);

    it("claims free slots, gives an attempt the same ones again, and frees them", async () => {
      const { devices } = opened.store;
      await devices.ensure("host", "cpu", 3);
      await devices.ensure("host", "cpu", 3);
      expect(await devices.claim("host", "cpu", 2, "a-1")).toEqual([0, 1]);
      expect(await devices.claim("host", "cpu", 2, "a-1")).toEqual([0, 1]);
      expect(await devices.claim("host", "cpu", 2, "b-1")).toBeNull();
      expect(await devices.claim("host", "cuda", 1, "b-1")).toBeNull();
      expect(await devices.claim("host", "cpu", 1, "b-1")).toEqual([2]);
      expect(await devices.held("host")).toEqual([
        { index: 0, attempt: "a-1" },
        { index: 1, attempt: "a-1" },
        { index: 2, attempt: "b-1" },
      ]);
      await devices.release("a-1");
      expect(await devices.claim("host", "cpu", 2, "c-1")).toEqual([0, 1]);
      await devices.ensure("other", "cuda", 2);
      await devices.release("b-1");
      expect(await devices.count()).toEqual([
        { host: "host", kind: "cpu", total: 3, held: 2 },
        { host: "other", kind: "cuda", total: 2, held: 0 },
      ]);
    });

    it("takes slots away when a host has fewer, but none that is held", async () => {
      const { devices } = opened.store;
      await devices.ensure("host", "cpu", 3);
      await devices.claim("host", "cpu", 3, "a-1");
      await devices.ensure("host", "cpu", 1);
      expect(await devices.held("host")).toHaveLength(3);
      await devices.release("a-1");
      await devices.ensure("host", "cpu", 1);
      expect(await devices.claim("host", "cpu", 2, "b-1")).toBeNull();
      expect(await devices.claim("host", "cpu", 1, "b-1")).toEqual([0]);
    });

    it("lets one holder have a lease until it expires or is released", async () => {
      const { leases } = opened.store;
      expect(await leases.acquire("trial:1", "ana", 1000, 5000)).toBe(true);
      expect(await leases.acquire("trial:1", "bo", 1000, 5999)).toBe(false);
      expect(await leases.acquire("trial:1", "ana", 1000, 5500)).toBe(true);
      expect(await leases.find("trial:1")).toEqual({ resource: "trial:1", holder: "ana", expiresAt: 6500 });
      expect(await leases.acquire("trial:1", "bo", 1000, 6500)).toBe(true);
      await leases.release("trial:1", "ana");
      expect((await leases.find("trial:1"))?.holder).toBe("bo");
      await leases.release("trial:1", "bo");
      expect(await leases.find("trial:1")).toBeNull();
    });

    it("renews all leases of a holder and lists those that live", async () => {
      const { leases } = opened.store;
      await leases.acquire("trial:1", "ana", 1000, 0);
      await leases.acquire("trial:2", "ana", 1000, 0);
      await leases.acquire("trial:3", "bo", 1000, 0);
      await leases.acquire("run_1", "bo", 9000, 0);
      expect(await leases.renew("ana", 5000, 1000)).toBe(2);
      expect((await leases.list("trial:", 2000)).map((lease) => lease.resource)).toEqual(["trial:1", "trial:2"]);
      expect(await leases.renew("nobody", 5000, 1000)).toBe(0);
    });

    it("hands out each command once, in order", async () => {
      const { commands } = opened.store;
      await commands.add({ runId: run, kind: "pause", author: "ana", fields: {} });
      await commands.add({ runId: run, kind: "cancel-trial", author: "bo", fields: { trial: 3 } });
      const taken = await commands.take(run);
      expect(taken.map(({ id: _id, ...command }) => command)).toEqual([
        { runId: run, kind: "pause", author: "ana", fields: {}, createdAt: sampleTime },
        { runId: run, kind: "cancel-trial", author: "bo", fields: { trial: 3 }, createdAt: sampleTime },
      ]);
      expect(await commands.take(run)).toEqual([]);
    });

    it("appends events and reads on after the last one seen", async () => {
      const { events } = opened.store;
      for (const number of [1, 2, 3]) {
        await events.append({
          runId: run,
          kind: "trial-start",
          actor: "conductor",
          trial: number,
          text: `"${number}" — ü`,
          fields: { number },
        });
      }
      await events.append({ runId: null, kind: "home-open", actor: "conductor", trial: null, text: "", fields: {} });
      const all = await events.list(run);
      expect(all.map((event) => [event.trial, event.time, event.text, event.fields])).toEqual(
        [1, 2, 3].map((number) => [number, sampleTime, `"${number}" — ü`, { number }]),
      );
      const [first, second] = all;
      expect(await events.list(run, first?.id, 1)).toEqual([second]);
      expect(await events.list(run, all[2]?.id)).toEqual([]);
    });

    it("sums calls of language models", async () => {
      const { llmCalls } = opened.store;
      const call = { runId: run, trial: 1, role: "planner", model: "x", latencyMs: 12, createdAt: sampleTime } as const;
      await llmCalls.add({ ...call, outcome: "ok", detail: null, inputTokens: 100, outputTokens: 20, usd: 0.25 });
      await llmCalls.add({ ...call, outcome: "fault", detail: "refused", inputTokens: 50, outputTokens: 0, usd: 0.5 });
      expect(await llmCalls.totals(run)).toEqual({ calls: 2, faults: 1, inputTokens: 150, outputTokens: 20, usd: 0.75 });
    });
  });
}
