import { expect, it } from "vitest";
import { describeOptimism } from "#src/service/describe-optimism.ts";

it.each([
  [0.0124, "is expected to be .012 too optimistic"],
  [0.0005, "is expected to be .001 too optimistic"],
  [0.0004, "is not expected to be too optimistic (estimate .000)"],
  [0, "is not expected to be too optimistic (estimate .000)"],
  [-0.0016, "is not expected to be too optimistic (estimate −.002)"],
])("says how optimistic a best score is, and never that it is less than nothing: %s", (optimism, words) => {
  expect(describeOptimism(optimism)).toBe(words);
});
