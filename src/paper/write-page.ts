import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContractError } from "../errors.ts";
import { renderChart, renderPng } from "../report/render-chart.ts";
import { renderGraph } from "../report/render-graph.ts";
import { paperPage } from "./page.ts";
import { paperParts, type PaperPart, type PaperResult, paperResultSchema } from "./results.ts";

/** Folder of results and pictures, beside the page. */
const folder = "paper";

/** Results that are there, in the order of the page. @throws ContractError when a file is none. */
export function readResults(out: string): PaperResult[] {
  return paperParts.flatMap((part) => {
    const file = join(out, folder, `${part}.json`);
    if (!existsSync(file)) return [];
    const parsed = paperResultSchema.safeParse(parseJson(readFileSync(file, "utf8")));
    if (parsed.success) return [parsed.data];
    throw new ContractError(`${file} is no result of temper paper: remove it, or make it again with temper paper ${part}.`, { file });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps a part's result. */
export function writeResult(out: string, result: PaperResult): string {
  mkdirSync(join(out, folder), { recursive: true });
  const file = join(out, folder, `${result.part}.json`);
  writeFileSync(`${file}.part`, `${JSON.stringify(result)}\n`);
  renameSync(`${file}.part`, file);
  return file;
}

/** What was written, and what the page lacks. */
export interface WrittenPage {
  page: string;
  figures: string[];
  lacking: PaperPart[];
}

/** Writes `paper.md` and its pictures from the results that are there. */
export async function writePage(out: string): Promise<WrittenPage> {
  const { markdown, figures, lacking } = paperPage(readResults(out), folder);
  mkdirSync(join(out, folder), { recursive: true });
  const files: string[] = [];
  for (const figure of figures) {
    const svg = "chart" in figure ? await renderChart(figure.chart) : await renderGraph(figure.dot);
    const file = join(out, folder, `${figure.name}.png`);
    writeFileSync(file, renderPng(svg));
    files.push(file);
  }
  const page = join(out, "paper.md");
  writeFileSync(page, markdown);
  return { page, figures: files, lacking };
}
