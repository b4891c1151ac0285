import { describe, expect, it } from "vitest";
import type { StoreBackend } from "./backend.ts";
import { sampleJob, sampleRun, sampleTrial } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";

export function describeTransactions(backend: StoreBackend) {
  describe("transactions", () => {
    const opened = useStore(backend);

    it("keep everything or nothing", async () => {
      const { store } = opened;
      const failing = store.transaction(async (inside) => {
        await inside.trials.create(sampleTrial("k1"));
        await inside.jobs.create(sampleJob("k1-1", "k1", { trial: 1 }));
        await inside.events.append({ runId: run, kind: "x", actor: "x", trial: 1, text: "", fields: {} });
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await store.trials.list(run)).toEqual([]);
      expect(await store.jobs.live()).toEqual([]);
      expect(await store.events.list(run)).toEqual([]);
      expect(await store.trials.counts(run)).toMatchObject({ chosen: 0, live: 0 });
    });

    it("join the outer one when nested, and see its writes", async () => {
      const { store } = opened;
      const failing = store.transaction(async (outer) => {
        await outer.transaction(async (inner) => {
          expect((await inner.trials.create(sampleTrial("k1")))?.number).toBe(1);
        });
        expect(await outer.trials.find(run, 1)).not.toBeNull();
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await store.trials.find(run, 1)).toBeNull();
    });

    it("refuse a query that goes to the outer store, instead of waiting for ever", async () => {
      const { store } = opened;
      const wrong = store.transaction(async () => store.runs.find(run));
      await expect(wrong).rejects.toThrow("Use the store that is handed to the transaction's function");
      expect(await store.runs.find(run)).not.toBeNull();
    });

    it("run one after the other, so that what one read is true when it writes", async () => {
      const others = [opened.store, await opened.another(), await opened.another()];
      const raise = async (store: (typeof others)[number]) => {
        await store.transaction(async (inside) => {
          const trials = (await inside.runs.find(run))?.config.budget.trials ?? 0;
          const config = sampleRun().config;
          await inside.runs.setConfig(run, { ...config, budget: { ...config.budget, trials: trials + 1 } });
        });
      };
      const before = (await opened.store.runs.find(run))?.config.budget.trials ?? 0;
      await Promise.all(Array.from({ length: 30 }, (_, index) => raise(others[index % others.length] ?? opened.store)));
      expect((await opened.store.runs.find(run))?.config.budget.trials).toBe(before + 30);
    });

    it("belong to a run that exists", async () => {
      await expect(opened.store.trials.create(sampleTrial("k1", { runId: "nobody" }))).rejects.toMatchObject({ code: "not_found" });
      await expect(opened.store.jobs.create(sampleJob("k-1", "k", { runId: "nobody" }))).rejects.toThrow();
    });
  });
}
