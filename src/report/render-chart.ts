import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { chartFont } from "./chart-font.ts";

const require = createRequire(import.meta.url);
/** Shipped with Temper: without a TTF font all text of a chart vanishes silently. */
const fontFiles = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"].map((file) =>
  require.resolve(`dejavu-fonts-ttf/ttf/${file}`),
);

/**
 * vega-lite gives every `Set` of the process a `toJSON`, by which it compares its own. It is taken off again: with it
 * discord.js cannot be loaded any more, and other code's sets would be written as text.
 */
const setToJson = Reflect.getOwnPropertyDescriptor(Set.prototype, "toJSON");
Reflect.deleteProperty(Set.prototype, "toJSON");

function compileChart(spec: TopLevelSpec): vega.Spec {
  if (setToJson !== undefined) Reflect.defineProperty(Set.prototype, "toJSON", setToJson);
  try {
    return compile(spec).spec;
  } finally {
    Reflect.deleteProperty(Set.prototype, "toJSON");
  }
}

/** Renders a Vega-Lite chart to SVG. No native canvas and no browser. */
export async function renderChart(spec: TopLevelSpec): Promise<string> {
  const config = { font: chartFont, background: "white", view: { stroke: null }, ...spec.config };
  const view = new vega.View(vega.parse(compileChart({ ...spec, config })), { renderer: "none" });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Rasterises an SVG at twice its size, on white. */
export function renderPng(svg: string): Buffer {
  const image = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { fontFiles, loadSystemFonts: false, defaultFontFamily: chartFont },
  });
  return image.render().asPng();
}
