import { expect, it } from "vitest";
import { extendEstimate } from "#src/triage/extend-estimate.ts";

const estimate = { deviceHoursP50: 1, deviceHoursP90: 2, usdP50: 3, usdP90: 6, wallSecondsP90: 3600, basis: "a prior" };

it("expects the whole to take what the share that was done says, with some room", () => {
  const extended = extendEstimate(estimate, { seconds: 4500, share: 0.5 });
  expect(extended).toMatchObject({ deviceHoursP90: 6, usdP90: 18, wallSecondsP90: 10_800 });
  expect(extended.deviceHoursP50).toBeCloseTo(5);
  expect(extended.basis).toBe("a try that ended after 4500 s with 50 % done");
});

it("doubles the time when nothing is known of how far it was", () => {
  expect(extendEstimate(estimate, { seconds: 4500, share: null }).wallSecondsP90).toBe(9000);
});

it("asks for more than before even when nearly all was done, and never for less than was thought", () => {
  expect(extendEstimate(estimate, { seconds: 4500, share: 0.99 }).wallSecondsP90).toBeGreaterThan(4500 * 1.2);
  expect(extendEstimate(estimate, { seconds: 60, share: 0.9 })).toEqual(estimate);
});
