import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Picture } from "#src/explain/answer/answer.ts";

async function drawSvg(picture: Exclude<Picture, { file: string }>): Promise<string> {
  if ("dot" in picture) return (await import("#src/report/render-graph.ts")).renderGraph(picture.dot);
  return (await import("#src/report/render-chart.ts")).renderChart(picture.chart);
}

/** Saves a picture of an answer as PNG in the home and gives its path. */
export async function savePicture(home: string, picture: Picture, now: Date): Promise<string> {
  if ("file" in picture) return picture.file;
  const { renderPng } = await import("#src/report/render-chart.ts");
  const directory = join(home, "chat");
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${now.toISOString().replaceAll(/[:.]/g, "-")}.png`);
  await writeFile(`${path}.part`, renderPng(await drawSvg(picture)));
  await rename(`${path}.part`, path);
  return path;
}
