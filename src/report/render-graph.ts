import { instance, type Viz } from "@viz-js/viz";

let viz: Promise<Viz> | null = null;

/** Draws a Graphviz graph (DOT) as SVG. */
export async function renderGraph(dot: string): Promise<string> {
  viz ??= instance();
  const svg = (await viz).renderString(dot, { format: "svg", engine: "dot" });
  // The XML prologue would break a page that the drawing is put into.
  return svg.slice(svg.indexOf("<svg"));
}
