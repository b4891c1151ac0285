import type { TopLevelSpec } from "vega-lite";
import { palette } from "../palette.ts";

export interface BestSoFarData {
  /** Chosen trials in order; `order` from 1. */
  points: { order: number; score: number; best: number }[];
  /** Lines to beat. */
  references: { label: string; score: number }[];
  /** Half-width of the band around the best line, or null where no noise was measured. */
  noiseFloor: number | null;
  /** `search split, 600 items` */
  basis: string;
}

/** Lines closer than this (in score) get their labels side by side. */
const labelHeight = 0.02;

/** Where the label of each line stands: at the right, or a third of the chart further left when one stands there already. */
function placeLabels(references: BestSoFarData["references"], last: number): { label: string; score: number; order: number }[] {
  const sorted = references.toSorted((a, b) => b.score - a.score);
  let slot = 0;
  return sorted.map((reference, index) => {
    const above = sorted[index - 1];
    slot = above !== undefined && above.score - reference.score < labelHeight ? (slot + 1) % 3 : 0;
    return { ...reference, order: last * (1 - slot / 3) };
  });
}

/** Every chosen trial's score, the best so far with its noise band, and the baselines. */
export function bestSoFarChart(data: BestSoFarData): TopLevelSpec {
  const last = data.points.at(-1)?.order ?? 1;
  const band = data.noiseFloor ?? 0;
  const step = { order: { field: "order", type: "quantitative", title: "chosen trial", axis: { tickMinStep: 1, grid: false } } } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 640,
    height: 300,
    title: { text: "Best model so far", subtitle: [data.basis, "dots are single trials, the band is the noise floor"], anchor: "start" },
    layer: [
      {
        data: { values: data.points.map((point) => ({ ...point, low: point.best - band, high: point.best + band })) },
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
        data: { values: data.points },
        mark: { type: "line", interpolate: "step-after", color: palette.best, strokeWidth: 2.5 },
        encoding: { x: step.order, y: { field: "best", type: "quantitative" } },
      },
      {
        data: { values: data.references },
        mark: { type: "rule", strokeDash: [5, 4], color: palette.baseline },
        encoding: { y: { field: "score", type: "quantitative" } },
      },
      {
        data: { values: placeLabels(data.references, last) },
        mark: { type: "text", align: "right", dy: -6, color: palette.baseline, fontSize: 11 },
        encoding: { x: step.order, y: { field: "score", type: "quantitative" }, text: { field: "label" } },
      },
    ],
  };
}
