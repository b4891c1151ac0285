import { AnswerSheet } from "../answer/answer-sheet.ts";
import type { Answer, Source } from "../answer/answer.ts";

/** The records that the answer before rested on. */
export function sourcesAnswer(sources: readonly Source[]): Answer {
  const sheet = new AnswerSheet();
  for (const { kind, id, text } of sources) sheet.source(kind, id, text);
  const lines = sources.map(({ kind, id, text }) => `${kind} ${id}${text === "" ? "" : `: ${sheet.quote(id, text)}`}`);
  return sheet.finish({
    lead: lines.length === 0 ? "The last answer rests on no record of the run." : "The last answer rests on these records.",
    sections: lines.length === 0 ? [] : [{ title: null, block: lines.join("\n") }],
  });
}
