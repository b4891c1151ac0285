import { renderAnswer, type AnswerStyle } from "./answer/render-answer.ts";
import { whyAnswer } from "./answers/why-answer.ts";
import type { WhyFacts } from "./why-facts.ts";

/** Where an explanation is shown: `markdown` for chat and reports, `plain` for terminals. */
export interface WhyStyle {
  style: AnswerStyle;
}

/** An explanation in the order: the answer, what else stood there, evidence, memory then, approval, outcome, lineage. */
export function renderWhy(facts: WhyFacts, { style }: WhyStyle = { style: "plain" }): string {
  return renderAnswer(whyAnswer(facts), style);
}
