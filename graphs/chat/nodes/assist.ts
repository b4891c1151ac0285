import { checkWording } from "#src/explain/answer/check-wording.ts";
import { escapeMarkdown } from "#src/explain/answer/escape-markdown.ts";
import { LlmFault } from "../../agents/llm/llm-fault.ts";
import { askAssistant } from "../assistant/ask-assistant.ts";
import type { ChatContext } from "../chat-context.ts";
import type { Exchange } from "../exchange.ts";
import { replyOfAnswers } from "../reply-of.ts";
import type { ChatStateValue } from "../state.ts";
import { refuse } from "./refuse.ts";

/** The model for a run's chat: the server's, else the run's own. */
export function llmOf({ llm }: ChatContext, { run }: Exchange) {
  return llm ?? run?.config.llm?.default ?? null;
}

/** A model's text as safe Markdown: pairs of `**` stay, all else is escaped. */
function safeMarkdown(text: string): string {
  const parts = text.split("**");
  return parts.length % 2 === 1 ? parts.map(escapeMarkdown).join("**") : escapeMarkdown(text.replaceAll("**", ""));
}

async function writeDown({ store }: ChatContext, exchange: Exchange, kind: string, problems: readonly string[]): Promise<void> {
  const text = `chat: ${problems.slice(0, 5).join("; ")}; the plain facts were sent`;
  await store.events.append({
    runId: exchange.run?.id ?? null,
    kind,
    actor: "chat",
    trial: null,
    text,
    fields: { problems: [...problems] },
  });
}

/**
 * Lets the language model word the answer, or find it with its tools. What it says is sent only when each id and number
 * in it is one of the records; else the plain facts are, and where there are none, that nothing was understood.
 */
export async function assist(context: ChatContext, exchange: Exchange, state: ChatStateValue, signal?: AbortSignal): Promise<void> {
  const { run } = exchange;
  const setting = llmOf(context, exchange);
  if (run === null || setting === null) return;
  let problems: string[];
  let wording = "";
  try {
    wording = await askAssistant({ context, exchange, state, setting, run, signal });
    // A proposal speaks for itself.
    if (exchange.proposal !== null) return;
    problems = checkWording(wording, exchange.answers);
    if (problems.length > 0) await writeDown(context, exchange, "chat-refused", problems);
  } catch (error) {
    if (!(error instanceof LlmFault)) throw error;
    problems = [error.message];
    await writeDown(context, exchange, "llm-fault", problems);
  }
  if (exchange.answers.length === 0 && problems.length > 0) refuse(exchange);
  else if (problems.length > 0) exchange.reply = replyOfAnswers(exchange.answers);
  else exchange.reply = { ...replyOfAnswers(exchange.answers), text: safeMarkdown(wording) };
}
