import type { Person } from "#src/approval/person.ts";
import type { Picture, Source } from "#src/explain/answer/answer.ts";
import type { Store } from "#src/store/store.ts";

/** What a message answers to, where the platform knows: the card or message replied to. */
export interface ReplySubject {
  kind: "approval" | "proposal" | "trial" | "model" | "status" | "milestone";
  /** `a3`, `p7`, `33`, `m24`; the run's id for its status; a trial's number or a model for a milestone. */
  id: string;
}

/** One message to Temper. */
export interface ChatMessage {
  /** `chat:discord:<channel>`, `chat:terminal:<run>`: conversations have a memory each. */
  thread: string;
  person: Person;
  /** The records as this person may see them; the chat's own unless given. */
  store?: Store;
  text: string;
  /** The channel's run; null where there is none: the latest that goes on, or the only one, is meant then. */
  runId: string | null;
  replyTo: ReplySubject | null;
  signal?: AbortSignal;
}

/** What Temper says to a message. */
export interface ChatReply {
  /** Markdown. What comes from records, configs and people is escaped: it cannot ping, link or break out. */
  text: string;
  picture: Picture | null;
  /** Id of the proposal that was made: the bot shows its card, and people decide there. */
  proposal: string | null;
  /** The records that the answer rests on. */
  sources: Source[];
  /** Questions that follow from the answer. */
  suggestions: string[];
  /** False when the message was not understood; `text` says so, with examples. */
  understood: boolean;
}

/** The assistant that people talk to. It reads and proposes; it approves nothing and changes nothing by itself. */
export interface Chat {
  /** Never throws for what people say: wishes that cannot be met are answered. */
  reply(message: ChatMessage): Promise<ChatReply>;
}
