import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bootstrapMean } from "#src/score/bootstrap.ts";
import { compareArms } from "#bench/search/compare-arms.ts";
import { freshHash, storedFreshHash } from "#bench/search/fresh/fresh-hash.ts";
import { LandscapeWorld } from "#bench/search/landscape-world.ts";
import { RecordFile } from "#src/search/record-file.ts";
import { readingAt, type RunRecord } from "#src/search/run-record.ts";
import { withRules } from "#src/search/search-run.ts";
import { runSearch } from "#src/search/run-search.ts";
import { createPolicy } from "#src/policy/create-policy.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "temper-search-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function search(arm: "random" | "greedy", worldNumber: number): Promise<RunRecord> {
  const world = new LandscapeWorld(worldNumber);
  const points = { trials: [3, 9], steps: [200] };
  return await runSearch({
    experiment: "test",
    arm,
    worldNumber,
    world,
    roles: withRules(createPolicy(arm, world.config)),
    trials: 9,
    points,
  });
}

describe("a search that a benchmark compares", () => {
  it("keeps every decision and score, and is the same for the same world", async () => {
    const record = await search("greedy", 4);
    expect(record.trials.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(record.trials.every(({ reason, scores }) => reason !== "" && scores !== null)).toBe(true);
    expect(await search("greedy", 4)).toEqual(record);
  });

  it("reads the leader after so many trials, and within so many steps", async () => {
    const { trials, readings } = await search("random", 5);
    const bestOf = (count: number) => Math.max(...trials.slice(0, count).map(({ aggregate }) => aggregate ?? 0));
    const [early, late, cheap] = readings;
    expect(late?.search).toBeGreaterThanOrEqual(bestOf(9));
    expect(early?.search).toBeGreaterThanOrEqual(bestOf(3));
    expect(cheap?.steps).toBeLessThanOrEqual(200);
    expect((cheap?.steps ?? 0) + (trials[cheap?.trials ?? 0]?.steps ?? Infinity)).toBeGreaterThan(200);
  });

  it("ends once nothing can change what is read, where that is read at training steps alone", async () => {
    const input = { experiment: "test", arm: "random", worldNumber: 5, trials: 9 };
    const open = () => {
      const world = new LandscapeWorld(5);
      return { ...input, world, roles: withRules(createPolicy("random", world.config)) };
    };
    const whole = await runSearch({ ...open(), points: { trials: [9], steps: [200] } });
    const cut = await runSearch({ ...open(), points: { trials: [], steps: [100, 200] } });
    const stepsBeforeLast = cut.trials.slice(0, -1).reduce((sum, { steps }) => sum + steps, 0);
    expect(cut.trials.length).toBeLessThan(9);
    expect(cut.trials).toEqual(whole.trials.slice(0, cut.trials.length));
    expect(stepsBeforeLast).toBeLessThanOrEqual(200);
    expect(readingAt(cut, "200 steps")).toEqual(readingAt(whole, "200 steps"));
  });

  it("goes on after a kill with what was written whole", async () => {
    const file = join(directory, "runs.jsonl");
    const record = await search("random", 1);
    new RecordFile(file).add(record);
    appendFileSync(file, '{"experiment":"test","base":{"math":0.3}');
    const again = new RecordFile(file);
    again.add(await search("greedy", 1));
    const last = new RecordFile(file);
    expect(last.find("test", "random", 1)).toEqual(record);
    expect(last.find("test", "greedy", 1)?.trials).toHaveLength(9);
    expect(last.find("test", "greedy", 2)).toBeNull();
  });

  it("compares arms over the worlds that all of them have searched", async () => {
    const records = [await search("greedy", 1), await search("greedy", 2), await search("random", 1), await search("random", 2)];
    const { worlds, ahead, scores } = compareArms([...records, await search("greedy", 3)], ["greedy", "random"], "9 trials");
    expect(worlds).toEqual([1, 2]);
    const difference = [0, 1].reduce((sum, i) => {
      const [own, other] = [records[i], records[i + 2]];
      return own === undefined || other === undefined ? NaN : sum + readingAt(own, "9 trials").final - readingAt(other, "9 trials").final;
    }, 0);
    expect(ahead["random"]?.mean).toBeCloseTo(difference / 2);
    expect(Object.keys(scores)).toEqual(["greedy", "random"]);
  });
});

describe("the paired bootstrap", () => {
  it("holds the mean, and is as wide as the values scatter", () => {
    const wide = bootstrapMean([0.1, -0.1, 0.2, 0, 0.05]);
    expect(wide.low).toBeLessThan(wide.mean);
    expect(wide.high).toBeGreaterThan(wide.mean);
    expect(bootstrapMean([0.1, 0.1, 0.1])).toEqual({ mean: expect.closeTo(0.1), low: expect.closeTo(0.1), high: expect.closeTo(0.1) });
    expect(bootstrapMean([0.1, -0.1, 0.2, 0, 0.05])).toEqual(wide);
  });
});

describe("the fresh landscapes", () => {
  it("are still those whose hash was stored before anything was measured on them", () => {
    expect(freshHash()).toBe(storedFreshHash);
  });
});
