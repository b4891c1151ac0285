import { END, START, StateGraph, type BaseCheckpointSaver } from "@langchain/langgraph";
import { TemperError } from "#src/errors.ts";
import type { Chat, ChatMessage, ChatReply } from "./chat.ts";
import type { ChatContext } from "./chat-context.ts";
import type { Exchange } from "./exchange.ts";
import type { Intent } from "./grammar/intent.ts";
import { answer } from "./nodes/answer.ts";
import { assist, llmOf } from "./nodes/assist.ts";
import { refuse } from "./nodes/refuse.ts";
import { remember } from "./nodes/remember.ts";
import { understand } from "./nodes/understand.ts";
import { ChatState, type ChatStateValue } from "./state.ts";
import { ThreadQueue } from "./thread-queue.ts";

/** What a model may word; commands, tables and wishes are answered as they are. */
const worded = new Set<Intent["kind"]>(["why", "why-not", "compare", "learned", "next", "changes"]);

/** Wiring only: `understand → answer → (assist) → remember`; what the grammar cannot read goes to `assist`, or is refused. */
function createChatGraph(own: ChatContext, exchangeOf: (state: ChatStateValue) => Exchange, checkpointer: BaseCheckpointSaver) {
  /** What an exchange stands on: a person may see less than there is. */
  const contextOf = (exchange: Exchange): ChatContext => ({ ...own, store: exchange.message.store ?? own.store });
  return new StateGraph(ChatState)
    .addNode("understand", (state) => understand(contextOf(exchangeOf(state)), exchangeOf(state), state))
    .addNode("answer", async (state) => {
      const exchange = exchangeOf(state);
      await answer(contextOf(exchange), exchange, state);
      return {};
    })
    .addNode("assist", async (state, { signal }) => {
      const exchange = exchangeOf(state);
      await assist(contextOf(exchange), exchange, state, signal);
      return {};
    })
    .addNode("refuse", (state) => {
      refuse(exchangeOf(state));
      return {};
    })
    .addNode("remember", (state) => remember(exchangeOf(state), state))
    .addEdge(START, "understand")
    .addConditionalEdges(
      "understand",
      (state) => {
        const exchange = exchangeOf(state);
        if (exchange.intent !== null) return "answer";
        return exchange.run !== null && llmOf(own, exchange) !== null ? "assist" : "refuse";
      },
      ["answer", "assist", "refuse"],
    )
    .addConditionalEdges(
      "answer",
      (state) => {
        const exchange = exchangeOf(state);
        const isWorded = exchange.intent !== null && worded.has(exchange.intent.kind) && exchange.answers.length > 0;
        return isWorded && llmOf(own, exchange) !== null ? "assist" : "remember";
      },
      ["assist", "remember"],
    )
    .addEdge("assist", "remember")
    .addEdge("refuse", "remember")
    .addEdge("remember", END)
    .compile({ checkpointer });
}

/** Replies after which a thread's old checkpoints are dropped: only the latest is ever read. */
const repliesBetweenTrims = 20;

export interface ChatOptions extends ChatContext {
  /** The official saver, where conversations are kept. */
  checkpointer: BaseCheckpointSaver;
}

/** Opens the assistant. One at a time answers in a thread; threads do not wait for one another. */
export function createChat({ checkpointer, ...context }: ChatOptions): Chat {
  const exchanges = new Map<number, Exchange>();
  const replies = new Map<string, number>();
  const queue = new ThreadQueue();
  let last = 0;
  const exchangeOf = ({ exchange }: ChatStateValue): Exchange => {
    const found = exchanges.get(exchange);
    if (found === undefined) throw new TemperError("contract", `Chat exchange ${exchange} is not under way. This is a bug of the chat.`);
    return found;
  };
  const graph = createChatGraph(context, exchangeOf, checkpointer);

  async function dropOldCheckpoints(thread: string): Promise<void> {
    const count = (replies.get(thread) ?? 0) + 1;
    replies.set(thread, count % repliesBetweenTrims);
    if (count < repliesBetweenTrims) return;
    const config = { configurable: { thread_id: thread } };
    const { values } = await graph.getState(config);
    await checkpointer.deleteThread(thread);
    await graph.updateState(config, values, "remember");
  }

  async function replyTo(message: ChatMessage): Promise<ChatReply> {
    const number = (last += 1);
    const exchange: Exchange = { message, run: null, intent: null, answers: [], proposal: null, wording: null, reply: null };
    exchanges.set(number, exchange);
    try {
      const { signal } = message;
      await graph.invoke(
        { exchange: number },
        { configurable: { thread_id: message.thread }, durability: "exit", ...(signal === undefined ? {} : { signal }) },
      );
      await dropOldCheckpoints(message.thread);
    } finally {
      exchanges.delete(number);
    }
    if (exchange.reply === null) throw new TemperError("contract", "The chat ended without a reply. This is a bug of the chat.");
    return exchange.reply;
  }

  return { reply: (message) => queue.run(message.thread, () => replyTo(message)) };
}
