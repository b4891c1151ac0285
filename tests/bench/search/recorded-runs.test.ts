import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compareArms } from "#bench/search/compare-arms.ts";
import { recordedRuns } from "#bench/search/short-runs.ts";

const intervals = z.record(z.string(), z.object({ mean: z.number(), low: z.number(), high: z.number() }));
const resultSchema = z.object({
  details: z.object({
    comparisons: z.array(z.object({ at: z.string(), worlds: z.array(z.int()), scores: intervals, ahead: intervals })),
  }),
});

describe("the recorded runs of a benchmark", () => {
  it.each(["search-e1", "search-cost"])("give the comparisons that are recorded for %s", (name) => {
    const { details } = resultSchema.parse(JSON.parse(readFileSync(`bench/results/${name}.json`, "utf8")));
    const { runs, parts } = recordedRuns(resolve("."), name);
    expect(parts.flatMap(({ worlds }) => worlds)).toEqual([...new Set(runs.map(({ world }) => world))]);
    for (const { at, worlds, scores, ahead } of details.comparisons) {
      const readThere = runs.filter(({ readings }) => readings.some((reading) => reading.at === at));
      const again = compareArms(readThere, Object.keys(scores), at);
      expect(again.worlds).toEqual(worlds);
      for (const [arm, { mean, low, high }] of Object.entries(ahead)) {
        expect(again.ahead[arm]?.mean).toBeCloseTo(mean, 3);
        // The runs are kept with four decimals, and the bootstrap's draws hang on the values.
        expect(again.ahead[arm]?.low).toBeCloseTo(low, 2);
        expect(again.ahead[arm]?.high).toBeCloseTo(high, 2);
      }
    }
  });

  it("are none where nothing was recorded", () => {
    expect(recordedRuns(resolve("."), "no-such")).toEqual({ runs: [], parts: [] });
  });
});
