import type { Answer } from "#src/explain/answer/answer.ts";
import type { Run } from "#src/store/store.ts";
import type { ChatMessage, ChatReply } from "./chat.ts";
import type { Intent } from "./grammar/intent.ts";

/** One message on its way through the graph to its reply. Lives as long as that takes and is written nowhere. */
export interface Exchange {
  message: ChatMessage;
  run: Run | null;
  intent: Intent | null;
  /** What the records say, in the order it was asked for: by the grammar or by the model's tools. */
  answers: Answer[];
  /** A proposal that was made. */
  proposal: string | null;
  /** A language model's wording, not checked yet. */
  wording: string | null;
  reply: ChatReply | null;
}
