import { describe, expect, it } from "vitest";
import type { Plan } from "#src/memory/plan.ts";
import type { MemoryVersion } from "#src/memory/memory.ts";
import type { StoreBackend } from "./backend.ts";
import { sampleEvaluation, sampleModel, sampleOutcomes, sampleTime } from "./samples.ts";
import { useStore } from "./use-store.ts";

const run = "three-skills.1";

function memory(version: number): MemoryVersion {
  return { version, trial: version * 2, experience: "é ✓ {not json}", directions: "", lesson: "", effects: [], failures: [], by: "rules" };
}

function plan(version: number): Plan {
  return { version, phase: "explore", focus: "Try all sets.", tasks: ["math"], fidelity: { data: 1, steps: 1 }, until: 4, by: "rules" };
}

const result = (key: string, task: string, score = 0.5) => ({
  evaluation: sampleEvaluation(key, { task, taskKey: `task-${task}`, score }),
  outcomes: sampleOutcomes(key),
});

export function describeRecords(backend: StoreBackend) {
  describe("evaluations, memories, plans and directives", () => {
    const opened = useStore(backend);

    it("keeps the first result of a key, with every item's outcome", async () => {
      const { evaluations } = opened.store;
      await evaluations.put(sampleEvaluation("e1"), sampleOutcomes("e1", [1, 0.1, 0, 1e-7]));
      await evaluations.put(sampleEvaluation("e1", { score: 0.9 }), sampleOutcomes("e1", [1, 1, 1, 1]));
      expect(await evaluations.find("e1")).toEqual(sampleEvaluation("e1"));
      expect(await evaluations.outcomes("e1")).toEqual(sampleOutcomes("e1", [1, 0.1, 0, 1e-7]));
      expect(await evaluations.find("e2")).toBeNull();
      expect(await evaluations.outcomes("e2")).toBeNull();
    });

    it("replaces the result of an older evaluator version, which has another key", async () => {
      const { evaluations } = opened.store;
      await evaluations.put(sampleEvaluation("old"), sampleOutcomes("old"));
      await evaluations.put(sampleEvaluation("new"), sampleOutcomes("new"));
      expect((await evaluations.ofModels(["key-m1"], "search")).map((evaluation) => evaluation.key)).toEqual(["new"]);
      expect(await evaluations.outcomes("old")).toBeNull();
    });

    it("keeps several results at once, of which some are known and some of an older version", async () => {
      const { evaluations } = opened.store;
      await evaluations.putAll([result("known", "math"), result("old", "trivia")]);
      await evaluations.putAll([result("known", "math", 0.9), result("new", "trivia"), result("other", "tool")]);
      const found = await evaluations.ofModels(["key-m1"], "search");
      expect(found.map(({ key, score }) => [key, score])).toEqual([
        ["known", 0.5],
        ["other", 0.5],
        ["new", 0.5],
      ]);
      const outcomes = await evaluations.outcomesOf(["known", "old", "new"]);
      expect(outcomes.map(({ evaluationKey }) => evaluationKey).toSorted()).toEqual(["known", "new"]);
      expect(outcomes[0]?.strict).toEqual(sampleOutcomes("known").strict);
      expect(await evaluations.outcomesOf([])).toEqual([]);
    });

    it("lists results of many models on one split", async () => {
      const { evaluations } = opened.store;
      const models = Array.from({ length: 1200 }, (_, index) => `key-${index}`);
      for (const modelKey of [models[0] ?? "", models[1199] ?? "", "stranger"]) {
        for (const split of ["search", "final"] as const) {
          const key = `${modelKey}-${split}`;
          await evaluations.put(sampleEvaluation(key, { modelKey, split }), sampleOutcomes(key));
        }
      }
      const found = await evaluations.ofModels(models, "search");
      expect(found.map((evaluation) => evaluation.key)).toEqual(["key-0-search", "key-1199-search"]);
      expect(await evaluations.ofModels([], "search")).toEqual([]);
    });

    it("ranks a run's models that have every task, best first, ties in order of joining", async () => {
      const { evaluations, objects } = opened.store;
      const put = (model: string, taskKey: string, score: number) => {
        const key = `${model}-${taskKey}`;
        return evaluations.put(sampleEvaluation(key, { modelKey: `key-${model}`, task: taskKey, taskKey, score }), sampleOutcomes(key));
      };
      for (const id of ["m1", "m2", "m3", "m4"]) await objects.add(run, sampleModel(id));
      for (const [model, math, tool] of [
        ["m1", 0.2, 0.9],
        ["m2", 0.6, 0.1],
        ["m3", 0.6, 0.1],
      ] as const) {
        await put(model, "math", math);
        await put(model, "tool", tool);
      }
      await put("m4", "math", 1);
      await put("foreign", "math", 1);
      const factors = new Map([
        ["math", 0.75],
        ["tool", 0.25],
      ]);
      const ranking = await evaluations.ranking(run, { split: "search", factors, limit: 10 });
      expect(ranking.map((row) => row.model)).toEqual(["m2", "m3", "m1"]);
      expect(ranking[0]?.value).toBeCloseTo(0.475, 12);
      expect((await evaluations.ranking(run, { split: "search", factors, limit: 1, offset: 2 })).map((row) => row.model)).toEqual(["m1"]);
      expect(await evaluations.ranking(run, { split: "final", factors, limit: 10 })).toEqual([]);
      expect(await evaluations.ranking(run, { split: "search", factors: new Map(), limit: 10 })).toEqual([]);
    });

    it("keeps versions of memory and plan", async () => {
      const { memories, plans } = opened.store;
      expect(await memories.latest(run)).toBeNull();
      expect(await plans.latest(run)).toBeNull();
      for (const version of [1, 2, 10]) {
        await memories.add(run, memory(version));
        await plans.add(run, plan(version));
      }
      expect(await memories.latest(run)).toEqual(memory(10));
      expect(await memories.find(run, 2)).toEqual(memory(2));
      expect(await memories.find(run, 3)).toBeNull();
      expect(await plans.latest(run)).toEqual(plan(10));
      expect((await plans.list(run)).map(({ version }) => version)).toEqual([1, 2, 10]);
      await expect(memories.add(run, memory(2))).rejects.toThrow();
    });

    it("numbers directives in each run and revokes one once", async () => {
      const { directives } = opened.store;
      const wish = { author: "ana", text: "[stop] {dpo}", body: { kind: "ban", actionType: "dpo" } } as const;
      const added = await Promise.all([directives.add(run, wish), directives.add(run, wish)]);
      expect(added.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([1, 2]);
      expect(await directives.revoke(run, 1)).toBe(true);
      expect(await directives.revoke(run, 1)).toBe(false);
      expect(await directives.revoke(run, 3)).toBe(false);
      expect(await directives.list(run)).toEqual([
        { id: 1, ...wish, createdAt: sampleTime, revokedAt: sampleTime },
        { id: 2, ...wish, createdAt: sampleTime, revokedAt: null },
      ]);
    });
  });
}
