import type { Answer } from "#src/explain/answer/answer.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { renderAnswer } from "#src/explain/answer/render-answer.ts";
import type { ChatReply } from "./chat.ts";

/** The plain facts of one or more answers as a reply. */
export function replyOfAnswers(answers: readonly Answer[], proposal: string | null = null): ChatReply {
  return {
    text: answers.map((answer) => renderAnswer(answer, "markdown")).join("\n\n"),
    picture: answers.find((answer) => answer.picture !== null)?.picture ?? null,
    proposal,
    sources: answers.flatMap((answer) => answer.sources),
    suggestions: answers.at(-1)?.suggestions ?? [],
    understood: true,
  };
}

/** A plain sentence as a reply. */
export function replyOfText(text: string, parts: Partial<Omit<ChatReply, "text">> = {}): ChatReply {
  return { text: escapeMarkdown(text), picture: null, proposal: null, sources: [], suggestions: [], understood: true, ...parts };
}
