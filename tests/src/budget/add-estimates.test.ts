import { expect, it } from "vitest";
import { addEstimates } from "#src/budget/add-estimates.ts";
import { sampleEstimate } from "#tests/conformance/store/samples.ts";

it("adds up what several jobs cost, and says on what it rests", () => {
  expect(addEstimates([sampleEstimate, sampleEstimate, sampleEstimate])).toEqual({
    deviceHoursP50: 1.5,
    deviceHoursP90: 3,
    usdP50: 3,
    usdP90: 6,
    wallSecondsP90: 10_800,
    basis: "3 jobs: a prior",
  });
  expect(addEstimates([sampleEstimate])).toEqual(sampleEstimate);
  expect(addEstimates([])).toBeNull();
});
