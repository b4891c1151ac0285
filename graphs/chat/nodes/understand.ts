import { parseMessage } from "../grammar/parse-message.ts";
import type { ChatContext } from "../chat-context.ts";
import type { Exchange } from "../exchange.ts";
import type { ChatStateValue, ChatUpdate } from "../state.ts";

const liveStates = new Set<string>(["running", "paused", "stopping"]);

/** The run that is meant: the channel's, one that the words name, the one spoken of last, else the latest that goes on. */
async function runOf({ store }: ChatContext, { message }: Exchange, spokenOf: string | null) {
  if (message.runId !== null) return store.runs.find(message.runId);
  const runs = (await store.runs.list()).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const words = new Set(message.text.toLowerCase().split(/[^a-z0-9.-]+/));
  return (
    runs.find(({ id, name }) => words.has(id) || words.has(name)) ??
    runs.find(({ id }) => id === spokenOf) ??
    runs.find(({ state }) => liveStates.has(state)) ??
    runs[0] ??
    null
  );
}

/** Reads the message with the grammar and finds the run that it is about. */
export async function understand(context: ChatContext, exchange: Exchange, state: ChatStateValue): Promise<ChatUpdate> {
  exchange.run = await runOf(context, exchange, state.runId);
  exchange.intent = parseMessage(exchange.message.text);
  const runId = exchange.run?.id ?? null;
  return runId === state.runId ? { runId } : { runId, subject: null };
}
