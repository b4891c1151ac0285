import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";

/** Text from people, configs or records on one line, cut to a length, safe in Markdown. */
export function escapeLine(text: string, longest = 200): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return escapeMarkdown(line.length > longest ? `${line.slice(0, longest - 1)}…` : line);
}
