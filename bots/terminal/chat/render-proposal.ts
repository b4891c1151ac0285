import type { Card } from "#src/card/card.ts";
import { renderChatText } from "./render-chat-text.ts";

/** What is asked, as a person must see it before a yes: the card's title, text and fields, without others' control characters. */
export function renderProposal({ title, text, fields }: Pick<Card, "title" | "text" | "fields">): string {
  const lines = [title, ...(text === "" ? [] : [text]), ...fields.map(({ name, value }) => `${name}: ${value}`)];
  return `${lines.map((line) => `  ${renderChatText(line.replaceAll("\\", "\\\\"), { isStyled: false }).replaceAll("\n", " ")}`).join("\n")}\n`;
}
