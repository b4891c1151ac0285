import { describe, expect, it } from "vitest";
import { stackLabels } from "#src/report/charts/stack-labels.ts";

const label = { width: 0.5, height: 0.045 };

describe("labels of a chart's points", () => {
  it("stay at their points where these are far apart", () => {
    const far = [
      { x: 0, y: 0.2 },
      { x: 0.1, y: 0.9 },
      { x: 1, y: 0.2 },
    ];
    expect(stackLabels(far, label)).toEqual([0.2, 0.9, 0.2]);
  });

  it("are stacked above each other, in order, where they would lie on each other", () => {
    const near = [0.99, 0.97, 1, 0.98].map((x) => ({ x, y: 0 }));
    const heights = stackLabels([...near, { x: 0.1, y: 1 }], label);
    const order = [1, 3, 0, 2].map((index) => heights[index] ?? NaN);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    for (const [index, height] of order.slice(1).entries()) expect(height - (order[index] ?? 0)).toBeGreaterThan(0.04);
    expect(order[0]).toBe(0);
    expect(heights[4]).toBe(1);
  });
});
