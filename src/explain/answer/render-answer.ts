import type { Answer, AnswerSection } from "./answer.ts";
import { codeBlock, escapeMarkdown } from "./escape-markdown.ts";

/** Where an answer is shown: `markdown` for chat and reports, `plain` for terminals and language models. */
export type AnswerStyle = "plain" | "markdown";

function renderSection(section: AnswerSection, style: AnswerStyle): string {
  const title = section.title === null ? "" : `${section.title}:`;
  if (style === "plain") {
    if ("text" in section) return `${title} ${section.text}`.trim();
    return `${title}\n${section.block.trimEnd().replaceAll(/^(?=.)/gm, "  ")}`.trimStart();
  }
  const strong = title === "" ? "" : `**${escapeMarkdown(title)}**`;
  return "text" in section ? `${strong} ${escapeMarkdown(section.text)}`.trim() : `${strong}\n${codeBlock(section.block)}`.trim();
}

/** An answer as text. In Markdown all that it says is escaped; only titles and the lead are marked. */
export function renderAnswer({ lead, sections }: Pick<Answer, "lead" | "sections">, style: AnswerStyle): string {
  return [style === "plain" ? lead : `**${escapeMarkdown(lead)}**`, ...sections.map((section) => renderSection(section, style))].join("\n");
}
