import { exampleQuestions } from "../help-text.ts";
import type { Exchange } from "../exchange.ts";
import { replyOfText } from "../reply-of.ts";

/** Says that a message was not understood, with examples. */
export function refuse(exchange: Exchange): void {
  const examples = exampleQuestions.map((example) => `"${example}"`).join(", ");
  exchange.reply = replyOfText(`I did not understand that. Try ${examples}.`, { suggestions: [...exampleQuestions], understood: false });
}
