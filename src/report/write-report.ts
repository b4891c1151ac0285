import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Run, Store } from "../store/store.ts";
import { type RunChart, runChart } from "./charts/run-chart.ts";
import { collectReport } from "./collect-report.ts";
import { lineageDot } from "./lineage-dot.ts";
import { renderChart, renderPng } from "./render-chart.ts";
import { renderGraph } from "./render-graph.ts";
import { renderHtml } from "./render-html.ts";
import { renderMarkdown } from "./render-markdown.ts";
import type { ReportFacts } from "./report-facts.ts";

/** Figures of a report as SVG; null where there is nothing to draw yet. */
export interface ReportFigures {
  bestSoFar: string | null;
  windows: string | null;
  effects: string | null;
  /** One for each of `facts.top`. */
  pipelines: string[];
}

async function drawFigures(facts: ReportFacts): Promise<ReportFigures> {
  const draw = async (chart: RunChart) => {
    const spec = runChart(chart, facts);
    return spec === null ? null : await renderChart(spec);
  };
  return {
    bestSoFar: await draw("best-so-far"),
    windows: await draw("windows"),
    effects: await draw("effects"),
    pipelines: await Promise.all(facts.top.map(({ scored, lineage }) => renderGraph(lineageDot(lineage, scored.score)))),
  };
}

/** Files that a report consists of. */
export interface ReportFiles {
  html: string;
  png: string[];
  md: string;
}

/**
 * Writes a run's report into a directory: one self-contained HTML file, its figures as PNG, and the same as Markdown.
 * @param out directory; made when it is missing.
 */
export async function writeReport({ store, run, out }: { store: Store; run: Run; out: string }): Promise<ReportFiles> {
  const facts = await collectReport(store, run);
  const figures = await drawFigures(facts);
  await mkdir(out, { recursive: true });
  const named: [string, string][] = [
    ...Object.entries({ "best-so-far": figures.bestSoFar, windows: figures.windows, effects: figures.effects }).flatMap(
      ([name, svg]): [string, string][] => (svg === null ? [] : [[name, svg]]),
    ),
    ...figures.pipelines.map((svg, index): [string, string] => [`pipeline-top-${index + 1}`, svg]),
  ];
  const png: string[] = [];
  for (const [name, svg] of named) {
    const file = join(out, `${name}.png`);
    await writeFile(file, renderPng(svg));
    png.push(file);
  }
  const html = join(out, "report.html");
  const md = join(out, "report.md");
  await writeFile(html, renderHtml(facts, figures));
  await writeFile(md, renderMarkdown(facts, new Set(named.map(([name]) => name))));
  return { html, png, md };
}
