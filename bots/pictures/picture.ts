import type { Picture as AnswerPicture } from "#src/explain/answer/answer.ts";
import type { RunChart } from "#src/report/charts/run-chart.ts";

/** Figures of a run, drawn from its records: `lineage` is of one model. */
export interface RunFigure {
  runId: string;
  figure: RunChart | "lineage";
  model: string | null;
}

/** A picture that can be drawn. */
export type Picture = AnswerPicture | RunFigure;
