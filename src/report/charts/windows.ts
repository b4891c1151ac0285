import type { TopLevelSpec } from "vega-lite";
import { palette } from "../palette.ts";

/** Length of a window in trials, as in the paper's Fig. 5. */
export const windowLength = 15;

export interface ScoreWindow {
  /** `1–15`. */
  trials: string;
  count: number;
  mean: number;
  maximum: number;
  deviation: number;
}

/** Mean, maximum and standard deviation of the chosen trials' scores, per 15 of them (paper, Fig. 5). The last window may be shorter. */
export function scoreWindows(scores: readonly number[]): ScoreWindow[] {
  const windows: ScoreWindow[] = [];
  for (let start = 0; start < scores.length; start += windowLength) {
    const part = scores.slice(start, start + windowLength);
    const mean = part.reduce((sum, score) => sum + score, 0) / part.length;
    const variance = part.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, part.length - 1);
    windows.push({
      trials: `${start + 1}–${start + part.length}`,
      count: part.length,
      mean,
      maximum: Math.max(...part),
      deviation: Math.sqrt(variance),
    });
  }
  return windows;
}

/** The paper's Fig. 5: mean with deviation, and maximum, per window. */
export function windowsChart(windows: readonly ScoreWindow[], basis: string): TopLevelSpec {
  const rows = windows.map((window) => ({ ...window, low: window.mean - window.deviation, high: window.mean + window.deviation }));
  const x = { field: "trials", type: "ordinal", title: "chosen trials", sort: null, axis: { labelAngle: 0 } } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: Math.max(480, 130 * windows.length),
    height: 260,
    title: { text: "Mean ± deviation, and maximum, per 15 trials", subtitle: [basis], anchor: "start" },
    data: { values: rows },
    layer: [
      {
        mark: { type: "rule", color: palette.chosen, strokeWidth: 6, opacity: 0.6 },
        encoding: { x, y: { field: "low", type: "quantitative", title: "score", scale: { zero: false } }, y2: { field: "high" } },
      },
      { mark: { type: "point", filled: true, size: 70, color: palette.best }, encoding: { x, y: { field: "mean", type: "quantitative" } } },
      {
        mark: { type: "line", point: { filled: true, color: palette.baseline }, color: palette.baseline },
        encoding: { x, y: { field: "maximum", type: "quantitative" } },
      },
      {
        mark: { type: "text", dy: -9, color: palette.baseline, fontSize: 11 },
        encoding: { x, y: { field: "maximum", type: "quantitative" }, text: { field: "maximum", type: "quantitative", format: ".3f" } },
      },
    ],
  };
}
