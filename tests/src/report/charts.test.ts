import { describe, expect, it } from "vitest";
import { bestSoFarChart } from "#src/report/charts/best-so-far.ts";
import { scoreWindows } from "#src/report/charts/windows.ts";
import { renderChart, renderPng } from "#src/report/render-chart.ts";

const label = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="5" y="25" font-family="DejaVu Sans" font-size="20">${text}</text></svg>`;

describe("scoreWindows", () => {
  it("counts 15 trials a window, and what is left over", () => {
    const windows = scoreWindows(Array.from({ length: 17 }, (_, index) => index));
    expect(windows.map(({ trials, count, maximum }) => ({ trials, count, maximum }))).toEqual([
      { trials: "1–15", count: 15, maximum: 14 },
      { trials: "16–17", count: 2, maximum: 16 },
    ]);
    expect(windows[0]?.mean).toBe(7);
    expect(windows[0]?.deviation).toBeCloseTo(Math.sqrt(20), 10);
  });

  it("gives a window of one trial no deviation", () => {
    expect(scoreWindows([0.5])).toEqual([{ trials: "1–1", count: 1, mean: 0.5, maximum: 0.5, deviation: 0 }]);
  });
});

describe("renderPng", () => {
  it("has ink where a label stands: fonts are found", async () => {
    expect(renderPng(label("score")).length).toBeGreaterThan(renderPng(label("")).length + 300);
    const svg = await renderChart(
      bestSoFarChart({ points: [{ order: 1, score: 0.5, best: 0.5 }], references: [], noiseFloor: null, basis: "search split" }),
    );
    expect(svg).toContain("chosen trial");
  });
});

describe("renderChart", () => {
  it("leaves sets as they are, so that discord.js can be loaded after it", async () => {
    const chart = bestSoFarChart({
      points: [{ order: 1, score: 0.5, best: 0.5 }],
      references: [],
      noiseFloor: null,
      basis: "search split",
    });
    const first = await renderChart(chart);
    expect(JSON.stringify(new Set([1]))).toBe("{}");
    expect(await renderChart(chart)).toBe(first);
    expect((await import("discord.js")).version).toMatch(/^14\./);
  });
});
