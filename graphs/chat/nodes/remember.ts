import type { Exchange } from "../exchange.ts";
import type { ChatStateValue, ChatUpdate } from "../state.ts";

/** Keeps what was said and spoken of, for the next message of the thread. */
export function remember({ message, answers, reply, intent }: Exchange, state: ChatStateValue): ChatUpdate {
  const subject = answers.findLast((each) => each.subject !== null)?.subject ?? state.subject;
  const isAboutSources = intent?.kind === "sources" || intent?.kind === "help";
  return {
    turns: [
      { who: "person", text: message.text },
      { who: "temper", text: reply?.text ?? "" },
    ],
    subject,
    sources: isAboutSources || reply === null || reply.sources.length === 0 ? state.sources : reply.sources,
  };
}
