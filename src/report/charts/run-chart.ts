import type { TopLevelSpec } from "vega-lite";
import type { ReportFacts } from "../report-facts.ts";
import { bestSoFarChart } from "./best-so-far.ts";
import { effectsChart } from "./effects.ts";
import { windowsChart } from "./windows.ts";

/** Charts of a whole run. */
export type RunChart = "best-so-far" | "windows" | "effects";

/** A chart of the run; null where there is nothing to draw yet. */
export function runChart(chart: RunChart, facts: ReportFacts): TopLevelSpec | null {
  const { points, windows, effects, basis, noiseFloor, base, baselines } = facts;
  if (chart === "effects") return effects.length === 0 ? null : effectsChart(effects, basis);
  if (chart === "windows") return windows.length === 0 ? null : windowsChart(windows, basis);
  if (points.length === 0) return null;
  const references = [base, ...baselines].flatMap((row) =>
    row === null ? [] : [{ label: `${row.label} ${row.score.mean.toFixed(3)}`, score: row.score.mean }],
  );
  return bestSoFarChart({ points, references, noiseFloor, basis });
}
