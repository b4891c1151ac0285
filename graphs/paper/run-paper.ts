import type { PaperPart, PaperResult } from "#src/paper/results.ts";
import { writePage, writeResult, type WrittenPage } from "#src/paper/write-page.ts";
import { type DataSizeSize, runDataSize } from "./data-size.ts";
import { runExperimentOne, runExperimentTwo } from "./experiments.ts";
import { runFigureFive, runFigureThree } from "./figures.ts";
import { type ModelSizeSize, runModelSize } from "./model-size.ts";
import type { ArmPolicy } from "./open-roles.ts";
import { type PaperConfig, PaperLab, type PaperLabOptions } from "./paper-lab.ts";

/** What `temper paper` is asked for. */
export interface PaperRequest extends PaperLabOptions {
  parts: readonly PaperPart[];
  policies: readonly ArmPolicy[];
  /** Experiment 1's config, which everything but experiment 2 uses; its models are the sizes, small to large. */
  one: PaperConfig;
  /** Bases of the model-size part, by their names in `one`, small to large. */
  bases: readonly string[];
  two: PaperConfig;
  /** Directory of the page. */
  out: string;
  /** Other numbers of pipelines than usual. */
  sizes?: { data?: DataSizeSize; model?: ModelSizeSize };
}

/** Does the parts that are asked for, one after the other, and writes each result and the page as soon as it is there. */
export async function runPaper(request: PaperRequest): Promise<WrittenPage> {
  const { parts, out, print } = request;
  if (parts.length === 0) return await writePage(out);
  const lab = new PaperLab(request);
  let written: WrittenPage | null = null;
  try {
    for (const part of parts) {
      print(`${part}: ${request.seeds.length} ${request.seeds.length === 1 ? "seed" : "seeds"}, ${request.trials} trials a search`);
      const keep = (result: PaperResult) => writeResult(out, result);
      const file = keep(await runPart(lab, request, part, keep));
      written = await writePage(out);
      print(`${part}: wrote ${file}`);
    }
  } finally {
    await lab.close();
  }
  return written ?? (await writePage(out));
}

function runPart(
  lab: PaperLab,
  { one, two, policies, bases, sizes = {} }: PaperRequest,
  part: PaperPart,
  keep: (result: PaperResult) => void,
) {
  switch (part) {
    case "experiment-1":
      return runExperimentOne(lab, one, { policies, keep });
    case "experiment-2":
      return runExperimentTwo(lab, two, policies);
    case "figure-3":
      return runFigureThree(lab, one, policies);
    case "figure-5":
      return runFigureFive(lab, one, policies);
    case "data-size":
      return runDataSize(lab, one, { policies, size: sizes.data });
    case "model-size":
      return runModelSize(lab, one, { policies, bases, size: sizes.model });
  }
}
