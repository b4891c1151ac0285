import { describe, expect, it } from "vitest";
import { requestApproval } from "#src/approval/request-approval.ts";
import { bestModel } from "#src/service/best-model.ts";
import { compareModels } from "#src/service/compare-models.ts";
import { leaderboard } from "#src/service/leaderboard.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import { recordEvaluation } from "#src/service/record-evaluation.ts";
import { runStatus } from "#src/service/run-status.ts";
import type { RegisteredTask, Split } from "#src/pool/objects.ts";
import {
  sampleAction,
  sampleConfig,
  sampleEstimate,
  sampleJob,
  sampleModel,
  sampleTask,
  sampleTrial,
} from "#tests/conformance/store/samples.ts";
import { useSqliteStore } from "../store/use-sqlite-store.ts";

const tool: RegisteredTask = { ...sampleTask, id: "tool", key: "task-tool" };
const config = sampleConfig({
  tasks: {
    math: { kind: "generate", path: "a", verifier: { kind: "exact" }, weight: 3, floor: "base" },
    tool: { kind: "generate", path: "b", verifier: { kind: "exact" } },
  },
});
const items = 100;

describe("what models scored", () => {
  const state = useSqliteStore({ config, tasks: [sampleTask, tool] });

  /** `right` items of 100 are answered right, the same ones in every model. */
  const evaluate = async (model: string, task: RegisteredTask, right: number, split: Split = "search") => {
    const strict = Array.from({ length: items }, (_, item) => Number(item < right));
    const result = { key: task.key, items, strict, lenient: strict, majority: 0.1, hit_token_limit: 0, empty: 0, most_common_output: 0.1 };
    return recordEvaluation(state.store, { modelKey: `key-${model}`, task, split, result, now: state.clock.now });
  };
  const addModel = async (id: string, math: number, toolRight: number | null) => {
    if (id !== "m0") {
      const trial = await state.store.trials.create(sampleTrial(`key-${id}`, { action: sampleAction({ setting: { max_steps: 80 } }) }));
      await state.store.objects.add(state.run.id, sampleModel(id, { trial: trial?.number ?? null }));
      await state.store.trials.update(state.run.id, trial?.number ?? 0, { state: "done", model: id });
    }
    await evaluate(id, sampleTask, math);
    if (toolRight !== null) await evaluate(id, tool, toolRight);
  };

  it("stores an evaluation once, with its outcomes, and refuses a broken one", async () => {
    const first = await evaluate("m0", sampleTask, 40);
    expect(first).toMatchObject({ task: "math", split: "search", items, score: 0.4, createdAt: "2026-01-02T03:04:05.000Z" });
    await evaluate("m0", sampleTask, 90);
    expect((await state.store.evaluations.find(first.key))?.score).toBe(0.4);
    const result = {
      key: sampleTask.key,
      items: 2,
      strict: [1, 0],
      lenient: [1, 0],
      majority: 0,
      hit_token_limit: 0,
      empty: 0,
      most_common_output: 0,
    };
    const record = (changes: Partial<typeof result>) =>
      recordEvaluation(state.store, { modelKey: "key-m1", task: sampleTask, split: "search", result: { ...result, ...changes } });
    await expect(record({ key: "old" })).rejects.toThrow("Task math, search: the result is of another version of the task");
    await expect(record({ strict: [1] })).rejects.toThrow("2 items, but 1 strict and 2 lenient outcomes");
    await expect(record({ strict: [1, Number.NaN] })).rejects.toThrow("no number (NaN or infinite)");
  });

  it("ranks by the weighted score and shows every number with its interval", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 60, 40);
    await addModel("m2", 80, 0);
    await addModel("m3", 90, null);
    const rows = await leaderboard(state.store, state.run);
    expect(rows.map((row) => [row.rank, row.model, row.made])).toEqual([
      [1, "m2", "SFT of m0 on gsm8k, 80 steps"],
      [2, "m1", "SFT of m0 on gsm8k, 80 steps"],
      [3, "m0", "base model"],
    ]);
    const [best, second, base] = rows;
    expect(best?.score.mean).toBeCloseTo(0.6, 10);
    expect(best?.score).toMatchObject({ split: "search", items: 200, seeds: 1 });
    expect(best?.score.low).toBeLessThan(0.6);
    expect(best?.tasks["math"]?.mean).toBeCloseTo(0.8, 6);
    expect(best?.overBase?.mean).toBeCloseTo(0.225, 10);
    expect(best?.overBest).toBeNull();
    expect(second?.overBest?.mean).toBeCloseTo(-0.05, 10);
    expect(base).toMatchObject({ kind: "base", name: "tiny", trial: null, overBase: null });
    expect((await leaderboard(state.store, state.run, { limit: 1, offset: 1 })).map((row) => [row.rank, row.model])).toEqual([[2, "m1"]]);
  });

  it("follows the weights of now", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 60, 40);
    await addModel("m2", 80, 0);
    await state.store.directives.add(state.run.id, { author: "ana", text: "tool x9", body: { kind: "weight", task: "tool", factor: 9 } });
    expect((await leaderboard(state.store, state.run)).map((row) => row.model)).toEqual(["m1", "m2", "m0"]);
  });

  it("takes for the best no model whose answers collapsed in length against its parent's", async () => {
    const tell = async (model: string, task: RegisteredTask, right: number, median: number) => {
      const strict = Array.from({ length: items }, (_, item) => Number(item < right));
      const rest = { lenient: strict, majority: 0.1, hit_token_limit: 0, empty: 0, most_common_output: 0.1 };
      const result = { key: task.key, items, strict, ...rest, output_tokens: { median, p90: median + 10 } };
      await recordEvaluation(state.store, { modelKey: `key-${model}`, task, split: "search", result });
    };
    for (const [id, math, tools, mathTokens] of [
      ["m0", 50, 20, 120],
      ["m1", 50, 90, 9],
      ["m2", 51, 60, 9],
    ] as const) {
      await tell(id, sampleTask, math, mathTokens);
      await tell(id, tool, tools, 4);
      await addModel(id, math, tools);
    }
    const scores = await ModelScores.open(state.store, state.run, "search");
    expect(await bestModel(state.store, state.run, scores)).toBe("m2");
  });

  it("takes for the best the first that keeps its floors", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 44, 100);
    await addModel("m2", 47, 60);
    const scores = await ModelScores.open(state.store, state.run, "search");
    expect(await bestModel(state.store, state.run, scores)).toBe("m2");
    const rows = await leaderboard(state.store, state.run);
    expect(rows.map((row) => [row.model, row.floors.met])).toEqual([
      ["m1", false],
      ["m2", true],
      ["m0", true],
    ]);
    expect(rows[0]?.floors.broken[0]).toMatch(/^math .*below its floor/);
  });

  it("keeps the final split sealed until it was opened", async () => {
    await addModel("m0", 50, 0);
    await evaluate("m0", sampleTask, 45, "final");
    await evaluate("m0", tool, 0, "final");
    await expect(leaderboard(state.store, state.run, { split: "final" })).rejects.toThrow("The final split of three-skills is sealed.");
    await state.store.runs.openFinal(state.run.id);
    const opened = await state.store.runs.find(state.run.id);
    if (opened === null) throw new Error("the run is gone");
    expect((await leaderboard(state.store, opened, { split: "final" }))[0]?.score.mean).toBeCloseTo(0.3375, 10);
  });

  it("compares two models on the same items, by id, base name or trial", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 80, 0);
    await addModel("m2", 81, null);
    const comparison = await compareModels(state.store, state.run, { a: "trial 1", b: "tiny" });
    expect(comparison).toMatchObject({ a: "m1", b: "m0", better: "a" });
    expect(comparison.difference.mean).toBeCloseTo(0.225, 10);
    expect(comparison.difference.low).toBeGreaterThan(0);
    expect(comparison.tasks["tool"]?.mean).toBe(0);
    expect(await compareModels(state.store, state.run, { a: "m0", b: "m1" })).toMatchObject({ better: "b" });
    expect(await compareModels(state.store, state.run, { a: "m0", b: "m0" })).toMatchObject({ better: "tie" });
    await expect(compareModels(state.store, state.run, { a: "m2", b: "m0" })).rejects.toThrow(
      "m2 was not evaluated on every task of the search split yet.",
    );
    await expect(compareModels(state.store, state.run, { a: "m9", b: "m0" })).rejects.toThrow(
      'three-skills has no model "m9". Its models are m0 to m2',
    );
    await expect(compareModels(state.store, state.run, { a: "#7", b: "m0" })).rejects.toThrow("three-skills has no trial 7.");
  });

  it("calls a gap under the noise floor a tie", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 80, 0);
    expect(await compareModels(state.store, state.run, { a: "m1", b: "m0" })).toMatchObject({ better: "a", noiseFloor: null });
    for (const [key, kind, seed, right] of [
      ["key-m2", "baseline", 0, 20],
      ["key-m3", "repeat", 1, 90],
    ] as const) {
      const action = { ...sampleAction({ setting: { max_steps: 20 } }), seed };
      await state.store.trials.create(sampleTrial(key, { kind, action }));
      await evaluate(key.slice("key-".length), sampleTask, right);
      await evaluate(key.slice("key-".length), tool, 0);
    }
    const found = await compareModels(state.store, state.run, { a: "m1", b: "m0" });
    expect(found.noiseFloor).toBeGreaterThan(found.difference.mean);
    expect(found.better).toBe("tie");
    expect(await compareModels(state.store, state.run, { a: "m0", b: "m1" })).toMatchObject({ better: "tie" });
  });

  it("says where a run stands before anything was measured", async () => {
    const status = await runStatus(state.store, "three-skills");
    expect(status).toMatchObject({
      run: { id: "three-skills.1", state: "running" },
      progress: { chosen: 0, trials: 40, chosenFromCache: 0, other: 0, failed: 0 },
      best: null,
      base: null,
      baselines: [],
      lanes: [],
      waiting: [],
      plan: null,
      lesson: null,
      caps: [{ name: "trials", limit: 40, spent: 0, reserved: 0 }],
    });
    await expect(runStatus(state.store, "nobody")).rejects.toMatchObject({ code: "not_found" });
  });

  it("says where a run stands: best and base, baselines, lanes, what waits and what was spent", async () => {
    await addModel("m0", 50, 0);
    await addModel("m1", 80, 0);
    const baseline = await state.store.trials.create(sampleTrial("key-m2", { kind: "baseline", label: "sft_all" }));
    await state.store.objects.add(state.run.id, sampleModel("m2", { trial: baseline?.number ?? null }));
    await state.store.trials.update(state.run.id, baseline?.number ?? 0, { state: "done", model: "m2" });
    await evaluate("m2", sampleTask, 60);
    await evaluate("m2", tool, 10);
    const running = await state.store.trials.create(sampleTrial("k9", { lane: 1 }));
    await state.store.trials.update(state.run.id, running?.number ?? 0, { state: "running", startedAt: "2026-01-02T03:04:05.000Z" });
    await state.store.jobs.create(sampleJob("k9-1", "k9", { trial: running?.number ?? 0, state: "submitted" }));
    await state.store.jobs.create(sampleJob("k1-1", "k1", { trial: 1, state: "finished", outcome: "finished", deviceSeconds: 1800 }));
    await requestApproval(
      state.store,
      { runId: state.run.id, trial: 9, batch: null, key: "k8", estimate: sampleEstimate, why: "dear" },
      state.clock.now,
    );

    const status = await runStatus(state.store, "three-skills.1");
    expect(status.best).toMatchObject({ model: "m1", trial: 1, overBest: null });
    expect(status.base).toMatchObject({ model: "m0", name: "tiny" });
    expect(status.baselines).toMatchObject([{ model: "m2", label: "sft_all", kind: "baseline" }]);
    expect(status.lanes).toEqual([
      {
        lane: 1,
        trial: 3,
        kind: "chosen",
        label: null,
        state: "running",
        action: expect.stringContaining("SFT of m0 on gsm8k"),
        jobDirectory: "jobs/k9-1",
        startedAt: "2026-01-02T03:04:05.000Z",
      },
    ]);
    expect(status.waiting).toMatchObject([{ id: "three-skills.1-a1" }]);
    expect(status.deviceHours).toEqual({ spent: 0.5, reserved: 1 });
    expect(status.progress).toMatchObject({ chosen: 2, other: 1 });
  });
});
