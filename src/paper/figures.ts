import type { TopLevelSpec } from "vega-lite";
import { stackLabels } from "../report/charts/stack-labels.ts";
import { palette } from "../report/palette.ts";
import type { Basis, Row } from "./results.ts";
import { type Estimate, scoreOf } from "./statistics.ts";

const schema = "https://vega.github.io/schema/vega-lite/v6.json";
const colours: Readonly<Record<Row["kind"], string>> = {
  base: palette.base,
  search: palette.best,
  single: palette.chosen,
  all: palette.baseline,
  merge: palette.loss,
};
const kindNames: Readonly<Record<Row["kind"], string>> = {
  base: "base",
  search: "search",
  single: "one set",
  all: "all sets",
  merge: "merge",
};

const boundsOf = ({ mean, interval }: Estimate) => ({ mean, low: interval?.low ?? mean, high: interval?.high ?? mean });

/** Final scores of all rows with intervals, one line each. */
export function armsChart(basis: Basis, rows: readonly Row[], subtitle: string): TopLevelSpec {
  const values = rows.flatMap((row) => {
    const estimate = scoreOf(basis, row, { split: "final" });
    return estimate === null ? [] : [{ label: row.label, kind: kindNames[row.kind], ...boundsOf(estimate) }];
  });
  const color = colourByKind(rows);
  const y = { field: "label", type: "nominal", title: null, sort: null, axis: { labelLimit: 260 } } as const;
  return {
    $schema: schema,
    width: 460,
    height: Math.max(60, 22 * values.length),
    title: { text: "Mean of tasks", subtitle: [subtitle, "bars are 95 % intervals over seeds"], anchor: "start" },
    data: { values },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 3 },
        encoding: { y, x: { field: "low", type: "quantitative", title: "score", scale: { zero: false } }, x2: { field: "high" }, color },
      },
      { mark: { type: "point", filled: true, size: 60 }, encoding: { y, x: { field: "mean", type: "quantitative" }, color } },
    ],
  };
}

/** A colour for each kind of row, with its legend. */
function colourByKind(rows: readonly Row[]) {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  return {
    field: "kind",
    type: "nominal",
    title: null,
    scale: { domain: kinds.map((kind) => kindNames[kind]), range: kinds.map((kind) => colours[kind]) },
    legend: { orient: "bottom" },
  } as const;
}

/** What a label takes of the chart's width and height, as shares of it. */
const labelWidth = 0.5;
const labelHeight = 0.045;

/** Width of an axis that holds these values and 0. */
function span(values: readonly number[]): number {
  return Math.max(...values, 0) - Math.min(...values, 0) || 1;
}

/** Two tasks against each other, a point a row (paper, Fig. 4). */
export function twoTasksChart(basis: Basis, rows: readonly Row[], subtitle: string): TopLevelSpec {
  const [across, up] = [basis.tasks[0]?.id ?? "", basis.tasks.at(-1)?.id ?? ""];
  const found = rows.flatMap((row) => {
    const [x, y] = [across, up].map((task) => scoreOf(basis, row, { split: "final", task }));
    return x === null || x === undefined || y === null || y === undefined
      ? []
      : [
          {
            label: row.label,
            kind: kindNames[row.kind],
            x: x.mean,
            xLow: boundsOf(x).low,
            xHigh: boundsOf(x).high,
            y: y.mean,
            yLow: boundsOf(y).low,
            yHigh: boundsOf(y).high,
          },
        ];
  });
  const label = { width: labelWidth * span(found.map((row) => row.x)), height: labelHeight * span(found.map((row) => row.y)) };
  const heights = stackLabels(found, label);
  const middle = Math.max(...found.map(({ x }) => x)) / 2;
  const values = found.map((row, index) => ({ ...row, labelY: heights[index] ?? row.y, isRight: row.x > middle }));
  const color = colourByKind(rows);
  const x = { field: "x", type: "quantitative", title: across } as const;
  const y = { field: "y", type: "quantitative", title: up } as const;
  return {
    $schema: schema,
    width: 460,
    height: 320,
    title: { text: `${across} and ${up}`, subtitle: [subtitle, "bars are 95 % intervals over seeds"], anchor: "start" },
    data: { values },
    layer: [
      { mark: { type: "rule", opacity: 0.5 }, encoding: { y, x: { ...x, field: "xLow" }, x2: { field: "xHigh" }, color } },
      { mark: { type: "rule", opacity: 0.5 }, encoding: { x, y: { ...y, field: "yLow" }, y2: { field: "yHigh" }, color } },
      { mark: { type: "point", filled: true, size: 70 }, encoding: { x, y, color } },
      ...[true, false].map((isRight) => ({
        transform: [{ filter: { field: "isRight", equal: isRight } }],
        mark: {
          type: "text" as const,
          dx: isRight ? -6 : 6,
          dy: -8,
          align: isRight ? ("right" as const) : ("left" as const),
          fontSize: 10,
        },
        encoding: { x, y: { ...y, field: "labelY" }, text: { field: "label" } },
      })),
    ],
  };
}

export interface LinePoint {
  line: string;
  at: string;
  estimate: Estimate;
}

export interface LinesText {
  title: string;
  /** What was measured on. */
  subtitle: string;
  x: string;
  y: string;
}

/** Lines over ordered steps with intervals: shares of data, sizes of models. */
export function linesChart(points: readonly LinePoint[], text: LinesText): TopLevelSpec {
  return { $schema: schema, title: titleOf(text), ...linesPanel(points, text) };
}

/** Several such charts side by side, with one legend. */
export function panelsChart(panels: readonly { y: string; points: readonly LinePoint[] }[], text: Omit<LinesText, "y">): TopLevelSpec {
  return { $schema: schema, title: titleOf(text), hconcat: panels.map(({ y, points }) => linesPanel(points, { x: text.x, y })) };
}

function titleOf({ title, subtitle }: Pick<LinesText, "title" | "subtitle">): { text: string; subtitle: string[]; anchor: "start" } {
  return { text: title, subtitle: [subtitle, "bars are 95 % intervals over seeds"], anchor: "start" };
}

/** Points of lines: there are more lines than colours. */
const shapes = ["circle", "square", "diamond", "triangle-up", "cross", "triangle-down", "triangle-right", "triangle-left"];

function linesPanel(points: readonly LinePoint[], { x: xTitle, y: yTitle }: Pick<LinesText, "x" | "y">) {
  const lines = [...new Set(points.map(({ line }) => line))];
  const values = points.map(({ line, at, estimate }) => ({ line, at, ...boundsOf(estimate) }));
  const x = { field: "at", type: "ordinal", title: xTitle, sort: null, axis: { labelAngle: 0 } } as const;
  const range = [palette.best, palette.baseline, palette.muted, palette.chosen, palette.loss, palette.ink];
  const byLine = { field: "line", type: "nominal", title: null, legend: { orient: "bottom", columns: 4 } } as const;
  const color = { ...byLine, scale: { domain: lines, range } };
  const shape = { ...byLine, scale: { domain: lines, range: shapes } };
  const steps = new Set(points.map(({ at }) => at)).size;
  const xOffset = { field: "line", type: "nominal", sort: null, scale: { paddingOuter: 0.4 } } as const;
  const y = { type: "quantitative", title: yTitle, scale: { zero: false } } as const;
  return {
    width: Math.max(240, 90 * steps),
    height: 240,
    data: { values },
    layer: [
      {
        mark: { type: "rule" as const, strokeWidth: 2 },
        encoding: { x, xOffset, y: { ...y, field: "low" }, y2: { field: "high" }, color },
      },
      { mark: { type: "point" as const, filled: true, size: 60 }, encoding: { x, xOffset, y: { ...y, field: "mean" }, color, shape } },
      { mark: { type: "line" as const, opacity: 0.4 }, encoding: { x, xOffset, y: { ...y, field: "mean" }, color } },
    ],
  };
}
