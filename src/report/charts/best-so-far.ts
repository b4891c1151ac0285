import type { TopLevelSpec } from "vega-lite";
import { palette } from "../palette.ts";
import { stackLabels } from "./stack-labels.ts";

export interface BestSoFarData {
  /** Chosen trials in order; `order` from 1; `best` null while no model may win. */
  points: { order: number; score: number; best: number | null }[];
  /** Lines to beat. */
  references: { label: string; score: number }[];
  /** Half-width of the band around the best line, or null where no noise was measured. */
  noiseFloor: number | null;
  /** `search split, 600 items` */
  basis: string;
}

/** What a label takes of the chart's height. */
const labelHeight = 0.05;

/** Labels of the lines, right of the chart, those of close lines above each other. */
function placeLabels({ references, points }: BestSoFarData): BestSoFarData["references"] {
  const scores = [...references, ...points].map(({ score }) => score);
  const height = labelHeight * (Math.max(...scores) - Math.min(...scores) || 1);
  const heights = stackLabels(
    references.map(({ score }) => ({ x: 0, y: score })),
    { width: 1, height },
  );
  return references.map(({ label, score }, index) => ({ label, score: heights[index] ?? score }));
}

/** Every chosen trial's score, the best so far with its noise band, and the baselines. */
export function bestSoFarChart(data: BestSoFarData): TopLevelSpec {
  const band = data.noiseFloor ?? 0;
  const line = data.points.flatMap(({ order, best }) => (best === null ? [] : [{ order, best, low: best - band, high: best + band }]));
  const step = { order: { field: "order", type: "quantitative", title: "chosen trial", axis: { tickMinStep: 1, grid: false } } } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 560,
    height: 300,
    title: { text: "Best model so far", subtitle: [data.basis, "dots are single trials, the band is the noise floor"], anchor: "start" },
    layer: [
      {
        data: { values: line },
        mark: { type: "area", interpolate: "step-after", color: palette.best, opacity: 0.15 },
        encoding: {
          x: step.order,
          y: { field: "low", type: "quantitative", title: "score", scale: { zero: false } },
          y2: { field: "high" },
        },
      },
      {
        data: { values: data.points },
        mark: { type: "point", filled: true, size: 32, color: palette.chosen },
        encoding: { x: step.order, y: { field: "score", type: "quantitative" } },
      },
      {
        data: { values: line },
        mark: { type: "line", interpolate: "step-after", color: palette.best, strokeWidth: 2.5 },
        encoding: { x: step.order, y: { field: "best", type: "quantitative" } },
      },
      {
        data: { values: data.references },
        mark: { type: "rule", strokeDash: [5, 4], color: palette.baseline },
        encoding: { y: { field: "score", type: "quantitative" } },
      },
      {
        data: { values: placeLabels(data) },
        mark: { type: "text", align: "left", dx: 8, color: palette.baseline, fontSize: 11 },
        encoding: { x: { value: "width" }, y: { field: "score", type: "quantitative" }, text: { field: "label" } },
      },
    ],
  };
}
