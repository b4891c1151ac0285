import { Annotation } from "@langchain/langgraph";
import type { Source } from "#src/explain/answer/answer.ts";

/** One message of a conversation, as it is remembered. */
export interface Turn {
  who: "person" | "temper";
  text: string;
}

/** Turns that a conversation remembers, and how much of each. */
export const turnsKept = 12;
const charactersKept = 600;
const sourcesKept = 40;

const shorten = (text: string) => (text.length > charactersKept ? `${text.slice(0, charactersKept)} …` : text);

/**
 * A conversation's thread, `chat:<platform>:<channel>`. It stays small however long people talk; the store decides what
 * is so, this only says what was spoken of.
 */
export const ChatState = Annotation.Root({
  /** Number of the exchange that is going on: what does not belong into a checkpoint is kept beside, under it. */
  exchange: Annotation<number>(),
  turns: Annotation<Turn[]>({
    reducer: (before, added) => [...before, ...added.map(({ who, text }) => ({ who, text: shorten(text) }))].slice(-turnsKept),
    default: () => [],
  }),
  /** The run, and the model or trial, that was spoken of last. */
  runId: Annotation<string | null>({ reducer: (_, next) => next, default: () => null }),
  subject: Annotation<string | null>({ reducer: (_, next) => next, default: () => null }),
  /** What the last answer rested on. */
  sources: Annotation<Source[]>({ reducer: (_, next) => next.slice(0, sourcesKept), default: () => [] }),
});

export type ChatStateValue = typeof ChatState.State;
export type ChatUpdate = Partial<ChatStateValue>;
