import { readFile } from "node:fs/promises";
import { readLineage } from "#src/pipeline/read-lineage.ts";
import { runChart } from "#src/report/charts/run-chart.ts";
import { collectReport } from "#src/report/collect-report.ts";
import { lineageDot } from "#src/report/lineage-dot.ts";
import { renderChart, renderPng } from "#src/report/render-chart.ts";
import { renderGraph } from "#src/report/render-graph.ts";
import { scoreModel } from "#src/report/scored-models.ts";
import { ModelScores } from "#src/service/model-scores.ts";
import type { Run, Store } from "#src/store/store.ts";
import type { Picture, RunFigure } from "./picture.ts";

type DrawnPicture = Exclude<Picture, { file: string }>;

/** Draws a picture as PNG; null where the records have nothing to draw yet. */
export async function drawPicture(store: Store, picture: Picture): Promise<Buffer | null> {
  if ("file" in picture) return readFile(picture.file);
  const svg = await drawSvg(store, picture);
  return svg === null ? null : renderPng(svg);
}

async function drawSvg(store: Store, picture: DrawnPicture): Promise<string | null> {
  if ("dot" in picture) return renderGraph(picture.dot);
  if ("chart" in picture) return renderChart(picture.chart);
  const run = await store.runs.find(picture.runId);
  if (run === null) return null;
  return picture.figure === "lineage" ? drawLineage(store, run, picture.model) : drawFigure(store, run, picture.figure);
}

async function drawFigure(store: Store, run: Run, figure: Exclude<RunFigure["figure"], "lineage">): Promise<string | null> {
  const chart = runChart(figure, await collectReport(store, run));
  return chart === null ? null : renderChart(chart);
}

async function drawLineage(store: Store, run: Run, id: string | null): Promise<string | null> {
  const model = id === null ? null : await store.objects.find(run.id, id);
  if (model?.kind !== "model") return null;
  const { lineage } = await readLineage(store, run, model.id);
  const scores = await ModelScores.open(store, run, "search");
  const scored = await scoreModel(store, { run, scores, model, label: model.id });
  return scored === null ? null : renderGraph(lineageDot(lineage, scored.scored.score));
}
