import type { TopLevelSpec } from "vega-lite";
import type { Fact } from "./fact.ts";

/** A record that an answer rests on: what a person who asks for sources is shown. */
export interface Source {
  kind: "run" | "trial" | "model" | "decision" | "memory" | "plan" | "approval" | "directive" | "evaluation" | "job" | "event" | "proposal";
  /** `33` of a trial, `m24` of a model, `a3` of an approval, a version of a memory. */
  id: string;
  /** What it says, in one plain line. */
  text: string;
}

/** A picture that belongs to an answer: a Graphviz graph, a Vega-Lite chart, or a PNG that is there already. */
export type Picture = { dot: string } | { chart: TopLevelSpec } | { file: string };

/** A part of an answer. `block` is shown as it is, in fixed width: a table, a recipe, a log. */
export type AnswerSection = { title: string | null; text: string } | { title: string | null; block: string };

/** An answer from records, in plain text: renderers escape it. */
export interface Answer {
  /** The answer itself, in one or two sentences. */
  lead: string;
  sections: AnswerSection[];
  picture: Picture | null;
  /** Every number in it, bound to what it is a number of: whatever words the answer anew is checked against these. */
  facts: Fact[];
  /** Words of people, models, scripts and memories that stand in it: what they claim is no fact. */
  quotes: string[];
  sources: Source[];
  suggestions: string[];
  /** The model or trial that "this" means after this answer; null leaves it as it was. */
  subject: string | null;
}
