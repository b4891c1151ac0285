import type { TopLevelSpec } from "vega-lite";
import type { Effect } from "../../memory/memory.ts";
import { palette } from "../palette.ts";

/** Effects with their 95 % intervals, largest first. @param basis what the scores were measured on. */
export function effectsChart(effects: readonly Effect[], basis: string): TopLevelSpec {
  const rows = effects
    .toSorted((a, b) => b.mean - a.mean)
    .map((effect) => ({
      ...effect,
      label: `${effect.name} (${effect.count})`,
      sign: effect.low > 0 ? "gain" : effect.high < 0 ? "loss" : "unclear",
    }));
  const y = { field: "label", type: "nominal", title: null, sort: null, axis: { labelLimit: 340 } } as const;
  const color = {
    field: "sign",
    type: "nominal",
    title: null,
    scale: { domain: ["gain", "loss", "unclear"], range: [palette.gain, palette.loss, palette.muted] },
    legend: { orient: "bottom" },
  } as const;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: 420,
    height: Math.max(60, 20 * rows.length),
    title: {
      text: "What was learnt: change of the score against the parent",
      subtitle: [basis, "in brackets the number of trials, bars are 95 % intervals over them"],
      anchor: "start",
    },
    data: { values: rows },
    layer: [
      { mark: { type: "rule", color: palette.muted }, encoding: { x: { datum: 0 } } },
      {
        mark: { type: "rule", strokeWidth: 3 },
        encoding: { y, x: { field: "low", type: "quantitative", title: "change" }, x2: { field: "high" }, color },
      },
      { mark: { type: "point", filled: true, size: 50 }, encoding: { y, x: { field: "mean", type: "quantitative" }, color } },
    ],
  };
}
