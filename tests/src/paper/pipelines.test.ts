import { describe, expect, it } from "vitest";
import { foundPipelines, pipelineOf, shapeOf, topPipelines } from "#src/paper/pipelines.ts";
import type { RunRecord } from "#src/search/run-record.ts";
import { fakeRecord } from "./fake-results.ts";

// m1 and m2 are trained on the base, m3 merges them, m4 trains m3; m5 is made of nothing of these.
const record: RunRecord = fakeRecord(0, [
  { type: "sft", models: ["m0"], datasets: ["a"], aggregate: 0.5 },
  { type: "sft", models: ["m0"], datasets: ["b"], aggregate: 0.4 },
  { type: "merge_ties", models: ["m1", "m2"], datasets: [], aggregate: 0.6 },
  { type: "sft", models: ["m3"], datasets: ["b"], aggregate: 0.7 },
  { type: "sft", models: ["m0"], datasets: ["c"], aggregate: 0.3 },
]);

describe("a pipeline of a run", () => {
  it("is every action on the way to a model, parents first, and no other", () => {
    expect(pipelineOf(record, "m4").map(({ model }) => model)).toEqual(["m1", "m2", "m3", "m4"]);
    expect(pipelineOf(record, "m5").map(({ model }) => model)).toEqual(["m5"]);
  });

  it("is told by what is done, not by ids: the same in another run has the same shape", () => {
    const other = fakeRecord(1, [
      { type: "sft", models: ["m0"], datasets: ["b"], aggregate: 0.4 },
      { type: "sft", models: ["m0"], datasets: ["a"], aggregate: 0.5 },
      { type: "merge_ties", models: ["m1", "m2"], datasets: [], aggregate: 0.6 },
    ]);
    expect(shapeOf(pipelineOf(other, "m3"))).toBe(shapeOf(pipelineOf(record, "m3")));
    expect(shapeOf(pipelineOf(other, "m1"))).not.toBe(shapeOf(pipelineOf(record, "m1")));
    expect(foundPipelines([record, other])).toHaveLength(5);
  });

  it("refuses a model that the run did not make", () => {
    expect(() => pipelineOf(record, "m9")).toThrow(/made no m9/);
  });
});

describe("the top pipelines", () => {
  it("leave out what is a part of a better one", () => {
    expect(topPipelines(foundPipelines([record]), 3).map(({ model }) => model)).toEqual(["m4", "m5"]);
  });
});
