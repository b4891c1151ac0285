import { RESTJSONErrorCodes, type APIMessage } from "discord-api-types/v10";
import type { MessageKind, ShownMessage } from "#src/store/messages.ts";
import type { Store } from "#src/store/store.ts";
import { isFault, isGone } from "../wire/discord-fault.ts";
import { fingerprint, type MessageContent } from "../wire/message-content.ts";
import { nonceOf } from "../wire/nonce.ts";
import type { Wire } from "../wire/wire.ts";

export const platform = "discord";

/** A message is edited no more often than this. */
export const editEveryMs = 5000;
/** For this long Discord surely knows a nonce; later, what may have been posted is looked for in the channel. */
const nonceMs = 60_000;

/** The turn of a message that replaces a deleted one, in its nonce; 1 is for one that moved to another channel. */
const replacing = 2;
const asking: ReadonlySet<MessageKind> = new Set(["approval", "proposal"]);

/** True for a message that replaces, or is to replace, one that was deleted. */
function isLost({ kind, subject, channel, nonce }: ShownMessage): boolean {
  return nonce === nonceOf(kind, subject, channel, replacing);
}

/** What is to be seen. */
export interface Showing {
  kind: MessageKind;
  subject: string;
  runId: string | null;
  channel: string;
  content: MessageContent;
  /** Nothing will change any more. */
  isLast: boolean;
  replyTo?: string;
  /** A message of the channel that stands before it: what has neither a footer nor `replyTo` is found by its words after this one. */
  after?: string;
  /** It waits for people: when only its message is deleted, it is posted once more. */
  isAsked?: boolean;
}

interface BoardOptions {
  store: Store;
  wire: Wire;
  /** The bot's own user. */
  self: () => string;
  now(): Date;
}

/**
 * The messages that are kept up to date. Each subject has one message: its row is written before it is posted, and what
 * a dead process may have posted is found again, so that nothing is said twice.
 */
export class Board {
  readonly #options: BoardOptions;
  /** When each message was edited last, by nonce. */
  readonly #edited = new Map<string, number>();

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /**
   * Makes the message of a subject show this, posting or editing as needed. An edit that comes too soon after another
   * is left for the next time.
   * @returns the row, `gone` when the message or its channel was deleted.
   */
  async show(showing: Showing): Promise<ShownMessage> {
    const { kind, subject, runId, channel } = showing;
    const { messages } = this.#options.store;
    const nonce = nonceOf(kind, subject, channel);
    const row = await messages.reserve({ platform, kind, subject, runId, channel, nonce });
    if (row.state === "gone" && row.channel === channel) return row;
    if (row.message === null && isLost(row) && showing.isAsked !== true) return this.#letGo(row);
    try {
      return row.message === null || row.state === "gone" ? await this.#post(row, showing) : await this.#edit(row, row.message, showing);
    } catch (error) {
      if (!isGone(error)) throw error;
      if (!isFault(error, RESTJSONErrorCodes.UnknownMessage) || showing.isAsked !== true) return this.#letGo(row);
      const lost = await this.#lose(row);
      return lost.state === "gone" ? lost : this.#post(lost, showing);
    }
  }

  /** Somebody deleted a message while its channel stays. What still waits for people is posted anew at the next `show`, once. */
  async lost(message: string): Promise<void> {
    const row = await this.#options.store.messages.ofMessage(platform, message);
    if (row !== null && row.state === "open" && asking.has(row.kind)) await this.#lose(row);
  }

  /** Looks which questions were deleted while nobody listened. */
  async findLost(): Promise<void> {
    const { store, wire } = this.#options;
    for (const kind of asking) {
      for (const { channel, message } of await store.messages.list(platform, kind, "open")) {
        if (message === null) continue;
        try {
          await wire.message(channel, message);
        } catch (error) {
          // A channel that is gone is another matter, and found out where it is written to.
          if (isFault(error, RESTJSONErrorCodes.UnknownMessage)) await this.lost(message);
          else if (!isGone(error)) throw error;
        }
      }
    }
  }

  /** Makes room for the one message that replaces a deleted one; whoever deletes that too means it. */
  async #lose(row: ShownMessage): Promise<ShownMessage> {
    if (isLost(row)) return this.#letGo(row);
    const patch = { nonce: nonceOf(row.kind, row.subject, row.channel, replacing), message: null, shown: null, state: "open" } as const;
    await this.#options.store.messages.update(row, patch);
    return { ...row, ...patch };
  }

  async #letGo(row: ShownMessage): Promise<ShownMessage> {
    await this.#options.store.messages.update(row, { state: "gone" });
    return { ...row, state: "gone" };
  }

  /** True when an edit would be made now. */
  mayEdit({ nonce, updatedAt }: Pick<ShownMessage, "nonce" | "updatedAt">): boolean {
    return this.#options.now().getTime() - (this.#edited.get(nonce) ?? Date.parse(updatedAt)) >= editEveryMs;
  }

  /** Posts what was noted but never seen to be posted, or what is moved from a channel that is gone. */
  async #post(row: ShownMessage, showing: Showing): Promise<ShownMessage> {
    const { channel, content, isLast, replyTo } = showing;
    const { store, wire } = this.#options;
    const nonce = row.channel === channel && row.state !== "gone" ? row.nonce : nonceOf(row.kind, row.subject, channel, 1);
    if (nonce !== row.nonce) await store.messages.update(row, { channel, nonce, message: null, state: "open" });
    const message =
      (await this.#findPosted({ ...row, channel }, showing)) ??
      (await wire.post(channel, content, { nonce, ...(replyTo === undefined ? {} : { replyTo }) }));
    const patch = { message, shown: fingerprint(content), state: isLast ? "settled" : "open" } as const;
    await store.messages.update(row, patch);
    this.#edited.set(nonce, Number.NEGATIVE_INFINITY);
    return { ...row, ...patch, channel, nonce };
  }

  async #edit(row: ShownMessage, message: string, { content, isLast, channel }: Showing): Promise<ShownMessage> {
    const shown = fingerprint(content);
    const state = isLast ? "settled" : "open";
    const { store, wire } = this.#options;
    if (shown !== row.shown) {
      if (!this.mayEdit(row)) return row;
      this.#edited.set(row.nonce, this.#options.now().getTime());
      await wire.edit(row.channel, message, content);
      // A rate limit may have held it up.
      this.#edited.set(row.nonce, this.#options.now().getTime());
    }
    if (shown !== row.shown || state !== row.state) await store.messages.update(row, { shown, state });
    return { ...row, shown, state, channel };
  }

  /** A message that a process posted which died before it could write that down, long enough ago for the nonce to be forgotten. */
  async #findPosted(row: ShownMessage, showing: Showing): Promise<string | null> {
    const { store, wire, self, now } = this.#options;
    if (now().getTime() - Date.parse(row.createdAt) < nonceMs) return null;
    const alike = (await wire.history(row.channel)).filter((message) => message.author.id === self() && isAlike(message, showing));
    // The same words may stand there twice: as a part of another answer, too.
    for (const { id } of alike) if ((await store.messages.ofMessage(platform, id)) === null) return id;
    return null;
  }
}

/** True for a message that may be what is to be shown. */
function isAlike(message: APIMessage, { replyTo, after, content }: Showing): boolean {
  if (replyTo !== undefined) return message.message_reference?.message_id === replyTo;
  const footer = content.embeds[0]?.footer?.text;
  if (footer !== undefined) return message.embeds.some((embed) => embed.footer?.text === footer);
  return after !== undefined && BigInt(message.id) > BigInt(after) && message.content.trim() === content.content.trim();
}
